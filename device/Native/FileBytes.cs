using System.Buffers;
using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>
/// A model's file in memory, in 2 MiB pages where the system has them, of which parts can be given back to the system while the rest
/// is still read: weights that have been packed. Reading it after <see cref="Close"/> throws.
/// </summary>
/// <remarks>
/// Read into memory, not mapped: a file cut short meanwhile would kill the process that has it mapped. A pinned array of the managed
/// heap, so that no slice can outlive it.
/// </remarks>
internal sealed unsafe class FileBytes : MemoryManager<byte>
{
    private const int HugePage = 2 << 20;
    private readonly byte[] _bytes;
    private bool _isClosed;

    /// <param name="length">Bytes, not yet set.</param>
    public FileBytes(int length)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        Advise(0, length, HugePage, Libc.AdviseHugePage); // A refusal costs only speed.
    }

    /// <summary>All bytes, for filling.</summary>
    /// <exception cref="ObjectDisposedException">They were closed.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _bytes;
    }

    /// <summary>
    /// Gives the whole pages of a part back to the system; whoever reads them after that reads
    /// zeros. Nothing happens when the part is not of these bytes.
    /// </summary>
    public void GiveBack(ReadOnlyMemory<byte> part)
    {
        if (_isClosed || !MemoryMarshal.TryGetMemoryManager(part, out FileBytes? owner, out int start, out int length) || owner != this)
            return;
        Advise(start, length, Environment.SystemPageSize, Libc.AdviseDontNeed);
    }

    /// <summary>Gives all of it back; every slice throws from now on.</summary>
    public void Close()
    {
        if (!_isClosed)
            GiveBack(Memory);
        _isClosed = true;
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _bytes.AsMemory(elementIndex).Pin();
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Close();

    /// <summary>Advises the system on the pages that lie wholly in a range, if any.</summary>
    private void Advise(int start, int length, int page, int advice)
    {
        if (length == 0 || !OperatingSystem.IsLinux())
            return;
        nint from = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, start), to = from + length;
        from = (from + page - 1) / page * page;
        to = to / page * page;
        if (to > from)
            _ = Libc.Madvise((void*)from, (nuint)(to - from), advice);
    }
}
