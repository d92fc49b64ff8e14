namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>32 lanes: registers as [slot][lane], and groups of lanes that stand at the same instruction.</summary>
internal sealed class PtxWarp(PtxKernel kernel, int index, int lanes, SharedMemory shared, DeviceMemory memory)
{
    /// <summary>An asynchronous copy of a thread.</summary>
    internal readonly record struct AsyncCopy(ulong To, ulong From, int Bytes, int Thread);

    public ulong[] Registers { get; } = new ulong[kernel.Slots * 32];

    /// <summary>[slot]: the lanes in which it was written.</summary>
    public uint[] Known { get; } = new uint[kernel.Slots];

    public uint AllLanes { get; } = lanes == 32 ? uint.MaxValue : (1u << lanes) - 1;

    public int FirstThread { get; } = index * 32;

    public SharedMemory Shared => shared;

    public DeviceMemory Memory => memory;

    /// <summary>The allocation that was used last.</summary>
    public DeviceMemory.Hit Hit;

    /// <summary>The one that is furthest behind lies last.</summary>
    public List<(int At, uint Mask)> Groups { get; } = [];

    /// <summary>Where a branch leads; -1 ends the lanes.</summary>
    public int Jump { get; set; } = -1;

    /// <summary>Lanes that take it.</summary>
    public uint Taken { get; set; }

    public bool IsWaiting { get; set; }

    /// <summary>Copies that no commit has closed.</summary>
    public List<AsyncCopy> Open { get; } = [];

    /// <summary>Groups of copies that nothing has waited for.</summary>
    public Queue<List<AsyncCopy>> Committed { get; } = new();

    public bool HasCopies => Open.Count > 0 || Committed.Any(c => c.Count > 0);

    public void Put(int at, uint mask)
    {
        int i = Groups.Count;
        while (i > 0 && Groups[i - 1].At < at) i--;
        Groups.Insert(i, (at, mask));
    }

    /// <summary>Takes all lanes that are furthest behind.</summary>
    public (int At, uint Mask) Take()
    {
        var (at, mask) = Groups[^1];
        Groups.RemoveAt(Groups.Count - 1);
        while (Groups.Count > 0 && Groups[^1].At == at)
        {
            mask |= Groups[^1].Mask;
            Groups.RemoveAt(Groups.Count - 1);
        }

        return (at, mask);
    }

    public void Need(int slot, uint mask)
    {
        if ((Known[slot] & mask) != mask) throw new DeviceFault($"the register in slot {slot} is read before it is written");
    }

    /// <summary>What is .sync or .aligned must be reached by all lanes of the warp together.</summary>
    public void NeedWhole(uint mask)
    {
        if (mask != AllLanes || AllLanes != uint.MaxValue) throw new DeviceFault($"only lanes {mask:x} of {AllLanes:x} are here");
    }
}
