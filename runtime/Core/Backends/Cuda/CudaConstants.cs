using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cuda;

/// <summary>Packed weights and tables of one step, each at a multiple of 256 bytes from their beginning.</summary>
internal sealed class CudaConstants
{
    /// <summary>Also that of the beginning, as the driver's allocations have it.</summary>
    public const int Alignment = 256;

    private readonly List<byte[]> _parts = [];
    private long _bytes;

    /// <summary>Adds a part and returns where it begins.</summary>
    public long Add<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        long at = _bytes;
        _parts.Add(MemoryMarshal.AsBytes(values).ToArray());
        _bytes = Align(at + _parts[^1].Length);
        return at;
    }

    /// <summary>All parts.</summary>
    public byte[] ToArray()
    {
        byte[] all = new byte[_bytes];
        long at = 0;
        foreach (byte[] part in _parts)
        {
            part.CopyTo(all.AsSpan(checked((int)at)));
            at = Align(at + part.Length);
        }

        return all;
    }

    /// <summary>The next multiple of <see cref="Alignment"/>.</summary>
    public static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
