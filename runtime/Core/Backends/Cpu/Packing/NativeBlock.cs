namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>Zeroed native memory for packed constants, aligned to a cache line, from <see cref="NativePool"/>.</summary>
internal sealed unsafe class NativeBlock<T> : IDisposable where T : unmanaged
{
    private readonly NativePool.Region? _region;
    private T* _data;

    /// <param name="count">Elements that the block holds.</param>
    public NativeBlock(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        _data = (T*)NativePool.Allocate(checked((nuint)count * (nuint)sizeof(T)), out _region);
    }

    ~NativeBlock() => Free();

    /// <summary>Elements that the block holds.</summary>
    public long Count { get; }

    /// <summary>Bytes in use.</summary>
    public long Bytes => Count * sizeof(T);

    /// <summary>First element; keep the block alive while it is used.</summary>
    public T* Data => _data;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        T* data = _data;
        _data = null;
        if (data is not null)
            NativePool.Free((byte*)data, _region);
    }
}
