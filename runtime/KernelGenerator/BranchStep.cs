using Iced.Intel;
using ResNetEdge.Kernels.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>What the model rounds and clamps sums to before a residual is added: f = roundToEven(clamp(f, low, high)) · scale, where there is such a step.</summary>
internal static class BranchStep
{
    private const byte NearestEven = 0;

    /// <summary>One branch for all of the vectors, always going the same way. rdi: arguments.</summary>
    /// <param name="a">Where to.</param>
    /// <param name="sums">Registers of the scaled sums.</param>
    public static void Emit(Assembler a, IEnumerable<int> sums)
    {
        var none = a.CreateLabel();
        a.cmp(__dword_ptr[rdi + Field(nameof(ConvArgs.HasBranch))], 0);
        a.je(none);
        foreach (int sum in sums)
        {
            a.vmaxps(Zmm(sum), Zmm(sum), __dword_bcst[rdi + Field(nameof(ConvArgs.BranchLow))]);
            a.vminps(Zmm(sum), Zmm(sum), __dword_bcst[rdi + Field(nameof(ConvArgs.BranchHigh))]);
            a.vrndscaleps(Zmm(sum), Zmm(sum), NearestEven);
            a.vmulps(Zmm(sum), Zmm(sum), __dword_bcst[rdi + Field(nameof(ConvArgs.BranchScale))]);
        }

        a.Label(ref none);
    }
}
