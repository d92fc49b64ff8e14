using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// f = (float)sum · multiplier, or with a branch f = (clamp(fma((float)sum, multiplier, R), R + low, R + high) - R) · scale: docs/int8-arithmetic.md.
/// </summary>
internal static class ScaleStep
{
    /// <summary>One jump for all of the vectors, always going the same way. rdi: arguments.</summary>
    /// <param name="a">Where to.</param>
    /// <param name="sums">Registers of the sums, whole numbers.</param>
    /// <param name="temporary">A register that may be overwritten.</param>
    /// <param name="multiply">Emits sum = sum · its multiplier.</param>
    /// <param name="multiplyAdd">Emits sum = sum · its multiplier + the given register, rounded once.</param>
    public static void Emit(Assembler a, IReadOnlyList<int> sums, int temporary, Action<int> multiply, Action<int, AssemblerRegisterZMM> multiplyAdd)
    {
        Label branch = a.CreateLabel(), done = a.CreateLabel();
        var rounding = Zmm(temporary);
        foreach (int sum in sums) a.vcvtdq2ps(Zmm(sum), Zmm(sum));
        a.cmp(__dword_ptr[rdi + Field(nameof(ConvArgs.HasBranch))], 0);
        a.jne(branch);
        foreach (int sum in sums) multiply(sum);
        a.jmp(done);
        a.Label(ref branch);
        a.vbroadcastss(rounding, __dword_ptr[rdi + Field(nameof(ConvArgs.Rounding))]);
        foreach (int sum in sums)
        {
            multiplyAdd(sum, rounding);
            a.vmaxps(Zmm(sum), Zmm(sum), __dword_bcst[rdi + Field(nameof(ConvArgs.BranchLow))]);
            a.vminps(Zmm(sum), Zmm(sum), __dword_bcst[rdi + Field(nameof(ConvArgs.BranchHigh))]);
            a.vsubps(Zmm(sum), Zmm(sum), rounding);
            a.vmulps(Zmm(sum), Zmm(sum), __dword_bcst[rdi + Field(nameof(ConvArgs.BranchScale))]);
        }

        a.Label(ref done);
    }
}
