using System.Runtime.InteropServices;

namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>
/// Memory with addresses of its own: host code that dereferences one crashes, and a kernel that leaves its allocation is told so. Fresh
/// memory holds poison; a read of which no byte was ever written is a fault. Words may reach past what was written: kernels read them whole.
/// </summary>
internal sealed unsafe class DeviceMemory
{
    private const ulong First = 0x7_0000_0000_00, Gap = 4096;
    private const byte Poison = 0xCD;
    private readonly SortedList<ulong, Hit> _allocations = [];
    private ulong _next = First;

    /// <summary>An allocation.</summary>
    internal struct Hit
    {
        public ulong Start, Size;
        public byte* Host, Written;
    }

    /// <summary>Bytes that may be allocated.</summary>
    public long Limit { get; init; } = long.MaxValue;

    public long UsedBytes { get; private set; }

    public int Count => _allocations.Count;

    /// <summary>A fresh allocation, or 0 where there is no room.</summary>
    public ulong Allocate(ulong size)
    {
        if (size > long.MaxValue || UsedBytes + (long)size > Limit) return 0;
        ulong address = _next;
        var made = new Hit
        {
            Start = address,
            Size = size,
            Host = (byte*)NativeMemory.Alloc((nuint)size),
            Written = (byte*)NativeMemory.AllocZeroed((nuint)size),
        };
        NativeMemory.Fill(made.Host, (nuint)size, Poison);
        _allocations.Add(address, made);
        _next = (address + size + 2 * Gap) / Gap * Gap;
        UsedBytes += (long)size;
        return address;
    }

    /// <summary>False: no allocation begins there.</summary>
    public bool Free(ulong address)
    {
        if (!_allocations.Remove(address, out var gone)) return false;
        NativeMemory.Free(gone.Host);
        NativeMemory.Free(gone.Written);
        UsedBytes -= (long)gone.Size;
        return true;
    }

    /// <summary>Host address of a range that must lie in one allocation.</summary>
    public byte* At(ulong address, int size, bool isWrite, ref Hit hit)
    {
        ulong offset = address - hit.Start;
        if (offset >= hit.Size || offset + (ulong)size > hit.Size)
        {
            hit = Find(address, size);
            offset = address - hit.Start;
        }

        var written = new Span<byte>(hit.Written + offset, size);
        if (isWrite) written.Fill(1);
        else if (!written.Contains((byte)1)) throw new DeviceFault($"global memory 0x{address:x} is read before anything wrote it");
        return hit.Host + offset;
    }

    private Hit Find(ulong address, int size)
    {
        int low = 0, high = _allocations.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            var here = _allocations.Values[middle];
            if (address < here.Start) high = middle - 1;
            else if (address >= here.Start + here.Size) low = middle + 1;
            else if (address + (ulong)size > here.Start + here.Size) break;
            else return here;
        }

        throw new DeviceFault($"address 0x{address:x} ({size} bytes) lies in no allocation");
    }
}
