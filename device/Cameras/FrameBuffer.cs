using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Cameras;

/// <summary>Native bytes of a frame that was read, used again by the next; they grow by doubling, up to <see cref="FrameLayout.MaxBytes"/>.</summary>
internal sealed unsafe class FrameBuffer : IDisposable
{
    private const int FirstBytes = 64 << 10;

    /// <summary>First byte; null before the first <see cref="Reserve"/>. Moves when the buffer grows.</summary>
    public byte* Data { get; private set; }

    /// <summary>Capacity in bytes.</summary>
    public int Capacity { get; private set; }

    /// <summary>Makes room and keeps what is held.</summary>
    /// <returns>False when more is asked for than a frame may have.</returns>
    public bool Reserve(long bytes)
    {
        if (bytes > FrameLayout.MaxBytes) return false;
        if (bytes <= Capacity) return true;
        long capacity = Math.Clamp(Math.Max(2L * Capacity, bytes), FirstBytes, FrameLayout.MaxBytes);
        Data = (byte*)NativeMemory.Realloc(Data, (nuint)capacity);
        Capacity = (int)capacity;
        return true;
    }

    /// <summary>The room as a span.</summary>
    public Span<byte> Room(int start, int length) => new Span<byte>(Data, Capacity).Slice(start, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what its owner forgot.</summary>
    ~FrameBuffer() => Free();

    private void Free()
    {
        NativeMemory.Free(Data);
        Data = null;
        Capacity = 0;
    }
}
