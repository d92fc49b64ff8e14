using System.Runtime.InteropServices;

namespace ResNetEdge.Pixels;

/// <summary>Native bytes that grow and are used again, so that a stream of pictures costs no managed allocation.</summary>
/// <remarks>Aligned to 64 bytes; <see cref="Slack"/> readable and writable bytes follow the last, so that vector code may run over the end.</remarks>
internal sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>Bytes after the end that may be read and written, and mean nothing.</summary>
    public const int Slack = 64;

    private const int Alignment = 64;

    /// <summary>First byte; null before the first <see cref="Reserve"/>. Moves when the buffer grows.</summary>
    public byte* Data { get; private set; }

    /// <summary>Bytes that may be used, without the slack.</summary>
    public long Capacity { get; private set; }

    /// <summary>Makes room for <paramref name="bytes"/>. What the buffer held is lost when it grows.</summary>
    public byte* Reserve(long bytes)
    {
        if (bytes > Capacity)
        {
            Free();
            Data = (byte*)NativeMemory.AlignedAlloc((nuint)bytes + Slack, Alignment);
            Capacity = bytes;
            new Span<byte>(Data + bytes, Slack).Clear();
        }

        return Data;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what its owner forgot.</summary>
    ~NativeBuffer() => Free();

    private void Free()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
        Capacity = 0;
    }
}
