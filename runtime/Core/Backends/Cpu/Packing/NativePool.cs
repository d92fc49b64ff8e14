using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Memory for packed weights. A network's weights are read once a picture and would miss the TLB on every 4 KiB, so they are laid one
/// behind the other in regions of 2 MiB pages; the first few blocks of a process, all that a small network has, come from the heap,
/// because a large page costs its full size even for a few bytes. A region is freed with its last block.
/// </summary>
internal static unsafe class NativePool
{
    private const nuint CacheLine = 64, HugePage = 2 << 20, RegionBytes = 16 << 20;

    /// <summary>Bytes that come from the heap before the first region is opened.</summary>
    private const long HeapBytes = 1 << 20;

    private static readonly Lock Turn = new();
    private static Region? _current;
    private static long _onHeap;

    /// <summary>A run of large pages that blocks are cut from.</summary>
    internal sealed class Region(byte* first, nuint bytes)
    {
        public byte* First { get; } = first;

        public nuint Bytes { get; } = bytes;

        /// <summary>Bytes cut off so far.</summary>
        public nuint Used { get; set; }

        /// <summary>Blocks not freed yet.</summary>
        public int Blocks { get; set; }
    }

    /// <summary>Zeroed memory, aligned to a cache line.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="region">To be given to <see cref="Free"/>.</param>
    public static byte* Allocate(nuint bytes, out Region? region)
    {
        bytes = (Math.Max(bytes, 1) + CacheLine - 1) / CacheLine * CacheLine;
        lock (Turn)
        {
            region = null;
            if (OperatingSystem.IsLinux() && _onHeap + (long)bytes > HeapBytes)
                region = RegionFor(bytes);
            if (region is null)
            {
                _onHeap += (long)bytes;
                byte* block = (byte*)NativeMemory.AlignedAlloc(bytes + CacheLine, CacheLine);
                NativeMemory.Clear(block, bytes + CacheLine);
                *(nuint*)block = bytes; // The line before the block remembers its size.
                return block + CacheLine;
            }

            byte* data = region.First + region.Used;
            region.Used += bytes;
            region.Blocks++;
            return data;
        }
    }

    /// <summary>Frees a block.</summary>
    public static void Free(byte* data, Region? region)
    {
        lock (Turn)
        {
            if (region is null)
            {
                _onHeap -= (long)*(nuint*)(data - CacheLine);
                NativeMemory.AlignedFree(data - CacheLine);
                return;
            }

            if (--region.Blocks > 0)
                return;
            if (region == _current)
                _current = null;
            _ = Libc.Munmap((nint)region.First, region.Bytes);
        }
    }

    /// <summary>A region with room, or null when the system has no memory for one: the heap then says so.</summary>
    private static Region? RegionFor(nuint bytes)
    {
        if (_current is { } current && current.Bytes - current.Used >= bytes)
            return current;
        nuint size = (Math.Max(bytes, RegionBytes) + HugePage - 1) / HugePage * HugePage, mapped = size + HugePage;
        nint address = Libc.Mmap(0, mapped, Libc.ProtRead | Libc.ProtWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        if (address == -1)
            return null;
        nint first = (nint)(((nuint)address + HugePage - 1) / HugePage * HugePage);
        Unmap(address, first - address);
        Unmap(first + (nint)size, (nint)mapped - (first - address) - (nint)size);
        _ = Libc.Madvise((void*)first, size, Libc.AdviseHugePage); // A refusal costs only speed.
        return _current = new Region((byte*)first, size);
    }

    private static void Unmap(nint address, nint bytes)
    {
        if (bytes > 0)
            _ = Libc.Munmap(address, (nuint)bytes);
    }
}
