using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cpu;

/// <summary>Where a thread was allowed to run before it was kept on one processor. A refusal of the system costs only speed.</summary>
internal unsafe struct ThreadAffinity
{
    private const int Words = Libc.AffinityBits / 64;
    private fixed ulong _before[Words];
    private bool _isPinned;

    /// <summary>The processor that the calling thread is on at this moment; -1 where the system does not say.</summary>
    public static int CurrentCpu => OperatingSystem.IsLinux() ? Libc.CurrentCpu() : -1;

    /// <summary>Keeps the calling thread on a processor until <see cref="Restore"/>.</summary>
    public void Pin(CpuCore core)
    {
        if (!OperatingSystem.IsLinux() || core.Index >= Libc.AffinityBits)
            return;
        fixed (ulong* before = _before)
        {
            ulong* set = stackalloc ulong[Words];
            new Span<ulong>(set, Words).Clear();
            set[core.Index / 64] = 1UL << core.Index % 64;
            _isPinned = Libc.GetAffinity(0, Words * sizeof(ulong), before) >= 0 && Libc.SetAffinity(0, Words * sizeof(ulong), set) == 0;
        }
    }

    /// <summary>Lets the calling thread run where it might before.</summary>
    public void Restore()
    {
        if (!_isPinned)
            return;
        fixed (ulong* before = _before)
            _ = Libc.SetAffinity(0, Words * sizeof(ulong), before);
        _isPinned = false;
    }
}
