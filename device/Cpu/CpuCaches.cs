using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Device.Cpu;

/// <summary>Sizes of the data caches in bytes; 0 where the processor does not tell.</summary>
/// <param name="L1d">First cache, data, of a core.</param>
/// <param name="L2">Second cache of a core.</param>
/// <param name="L3">Third cache, shared by several cores.</param>
internal readonly record struct CpuCaches(long L1d, long L2, long L3)
{
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), AmdTopologyBit = 22, InstructionCache = 2;

    /// <summary>Sizes of the caches of the machine that this runs on.</summary>
    public static CpuCaches Here { get; } = Read();

    private static CpuCaches Read()
    {
        if (!X86Base.IsSupported)
            return default;
        bool hasAmdLeaf = (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax >= unchecked((uint)AmdLeaf)
            && (X86Base.CpuId(unchecked((int)0x80000001), 0).Ecx >> AmdTopologyBit & 1) != 0;
        if (!hasAmdLeaf && X86Base.CpuId(0, 0).Eax < IntelLeaf)
            return default;
        Span<long> levels = stackalloc long[4];
        for (int index = 0; X86Base.CpuId(hasAmdLeaf ? AmdLeaf : IntelLeaf, index) is var (eax, ebx, ecx, _)
            && (eax & 0x1F) is not 0 and var type; index++)
        {
            int level = eax >> 5 & 7;
            if (type == InstructionCache || level >= levels.Length)
                continue;
            // Ways, partitions, bytes of a line and sets, each less one.
            levels[level] = ((ebx >> 22 & 0x3FF) + 1L) * ((ebx >> 12 & 0x3FF) + 1) * ((ebx & 0xFFF) + 1) * ((uint)ecx + 1L);
        }

        return new CpuCaches(levels[1], levels[2], levels[3]);
    }
}
