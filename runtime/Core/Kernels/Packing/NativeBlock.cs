using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Kernels.Packing;

/// <summary>Zeroed native memory for packed constants, aligned to a cache line; large blocks ask for 2 MiB pages, since weights are read once per picture and would miss the TLB on every 4 KiB.</summary>
internal sealed unsafe class NativeBlock<T> : IDisposable where T : unmanaged
{
    private const nuint CacheLine = 64, HugePage = 1 << 21;
    private T* _data;

    /// <param name="count">Elements.</param>
    public NativeBlock(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        nuint bytes = checked((nuint)count * (nuint)sizeof(T));
        bool huge = bytes >= HugePage;
        nuint alignment = huge ? HugePage : CacheLine;
        bytes = (Math.Max(bytes, 1) + CacheLine - 1) / CacheLine * CacheLine;
        _data = (T*)NativeMemory.AlignedAlloc(bytes, alignment);
        // Whole large pages only: one begun for the last few bytes would cost its full 2 MiB. A refusal costs only speed.
        if (huge && OperatingSystem.IsLinux())
            _ = Libc.Madvise(_data, bytes / HugePage * HugePage, Libc.AdviseHugePage);
        NativeMemory.Clear(_data, bytes);
    }

    ~NativeBlock() => NativeMemory.AlignedFree(_data);

    /// <summary>Elements.</summary>
    public long Count { get; }

    /// <summary>Bytes in use.</summary>
    public long Bytes => Count * sizeof(T);

    /// <summary>First element; keep the block alive while it is used.</summary>
    public T* Data => _data;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        GC.SuppressFinalize(this);
    }
}
