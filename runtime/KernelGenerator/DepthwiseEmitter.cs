using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Emits one AVX-512 VNNI depthwise kernel, <c>void kernel(ConvArgs*)</c>, System V: 64 channels of <see cref="ConvArgs.Tiles"/> pixels.
/// Four taps' bytes of a channel are interleaved into one dword, so that <c>vpdpbusd</c> sums four taps a lane exactly.
/// </summary>
/// <remarks>
/// Interleaving by unpacks leaves channel 16·l + 4·v + d in dword d of lane l of vector v; bias, multipliers and weights are packed
/// in that order ([vector][lane][dword]), a residual is unpacked alike, and the epilogue's packs undo it: no permutation is needed.
/// The weights of up to twelve taps stay in registers; those of more come from the first cache.
/// </remarks>
internal static class DepthwiseEmitter
{
    private const int Vectors = 4, QuadTaps = 4, Sum = 0, Tap = 4, Pair = 8, Multiplier = 12, Weight = 16, WeightRegisters = 12,
        ZeroPoint = 28, Low = 29, High = 30, Zero = 31;

    /// <summary>Emits the kernel of so many taps.</summary>
    public static void Emit(Assembler a, int taps)
    {
        int quads = (taps + QuadTaps - 1) / QuadTaps;
        bool inRegisters = quads * Vectors <= WeightRegisters;
        Prologue(a, inRegisters ? quads : 0);
        var pixel = a.CreateLabel();
        a.Label(ref pixel);
        for (int v = 0; v < Vectors; v++) a.vmovdqu32(Zmm(Sum + v), __zmmword_ptr[r11 + v * 64]);
        a.mov(rax, rsi);
        for (int quad = 0; quad < quads; quad++)
        {
            int count = Math.Min(QuadTaps, taps - quad * QuadTaps);
            for (int i = 0; i < count; i++)
            {
                a.mov(
                    r12d, i switch { 0 => __dword_ptr[rax], 1 => __dword_ptr[rax + r8], 2 => __dword_ptr[rax + r8 * 2], _ => __dword_ptr[rax + r9] });
                a.vmovdqu8(Zmm(Tap + i), __zmmword_ptr[rdx + r12]);
            }

            Interleave(a, count);
            if (quad + 1 < quads) a.lea(rax, __[rax + r8 * 4]);
            for (int v = 0; v < Vectors; v++)
            {
                if (inRegisters) a.vpdpbusd(Zmm(Sum + v), Zmm(Tap + v), Zmm(Weight + quad * Vectors + v));
                else a.vpdpbusd(Zmm(Sum + v), Zmm(Tap + v), __zmmword_ptr[r10 + (quad * Vectors + v) * 64]);
            }
        }

        Epilogue(a);
        a.add(rsi, 4);
        a.add(rcx, __qword_ptr[rdi + Field(nameof(ConvArgs.OutputStride))]);
        a.dec(__dword_ptr[rdi + Field(nameof(ConvArgs.Tiles))]);
        a.jne(pixel);
        a.vzeroupper();
        a.pop(r13);
        a.pop(r12);
        a.ret();
    }

    /// <param name="a">The assembler.</param>
    /// <param name="quads">Fours of taps whose weights are loaded into registers.</param>
    private static void Prologue(Assembler a, int quads)
    {
        a.push(r12);
        a.push(r13);
        a.mov(rsi, __qword_ptr[rdi + Field(nameof(ConvArgs.Offsets))]);
        a.mov(rdx, __qword_ptr[rdi + Field(nameof(ConvArgs.Base))]);
        a.mov(rcx, __qword_ptr[rdi + Field(nameof(ConvArgs.Output))]);
        a.mov(r13, __qword_ptr[rdi + Field(nameof(ConvArgs.Residual))]);
        a.mov(r8, __qword_ptr[rdi + Field(nameof(ConvArgs.TapPitch))]);
        a.lea(r9, __[r8 + r8 * 2]);
        a.mov(r10, __qword_ptr[rdi + Field(nameof(ConvArgs.Weights))]);
        a.mov(r11, __qword_ptr[rdi + Field(nameof(ConvArgs.Bias))]);
        a.mov(rax, __qword_ptr[rdi + Field(nameof(ConvArgs.Multiplier))]);
        a.kmovq(k1, __qword_ptr[rdi + Field(nameof(ConvArgs.Mask))]);
        for (int v = 0; v < Vectors; v++) a.vmovups(Zmm(Multiplier + v), __zmmword_ptr[rax + v * 64]);
        for (int i = 0; i < quads * Vectors; i++) a.vmovdqu32(Zmm(Weight + i), __zmmword_ptr[r10 + i * 64]);
        a.vpbroadcastw(Zmm(ZeroPoint), __word_ptr[rdi + Field(nameof(ConvArgs.OutputZeroPoint))]);
        a.vpbroadcastb(Zmm(Low), __byte_ptr[rdi + Field(nameof(ConvArgs.Low))]);
        a.vmovdqu32(Zmm(High), __zmmword_ptr[rdi + Field(nameof(ConvArgs.High))]);
        a.vpxord(Zmm(Zero), Zmm(Zero), Zmm(Zero));
    }

    /// <summary>
    /// Leaves the bytes of up to four loaded taps side by side, a dword a channel, in the tap registers; taps that are not there are zero.
    /// </summary>
    private static void Interleave(Assembler a, int count)
    {
        AssemblerRegisterZMM At(int tap) => Zmm(tap < count ? Tap + tap : Zero);
        bool second = count > 2;
        a.vpunpcklbw(Zmm(Pair), At(0), At(1));
        a.vpunpckhbw(Zmm(Pair + 1), At(0), At(1));
        if (second) a.vpunpcklbw(Zmm(Pair + 2), At(2), At(3));
        if (second) a.vpunpckhbw(Zmm(Pair + 3), At(2), At(3));
        for (int half = 0; half < 2; half++)
        {
            var upper = Zmm(second ? Pair + 2 + half : Zero);
            a.vpunpcklwd(Zmm(Tap + half * 2), Zmm(Pair + half), upper);
            a.vpunpckhwd(Zmm(Tap + half * 2 + 1), Zmm(Pair + half), upper);
        }
    }

    /// <summary>
    /// docs/int8-arithmetic.md: scaled, rounded to nearest even, saturated to s16, + zero point saturated, saturated to u8, clamped.
    /// </summary>
    private static void Epilogue(Assembler a)
    {
        ScaleStep.Emit(a, [.. Enumerable.Range(Sum, Vectors)], Pair,
            sum => a.vmulps(Zmm(sum), Zmm(sum), Zmm(Multiplier + sum - Sum)),
            (sum, rounding) => a.vfmadd132ps(Zmm(sum), rounding, Zmm(Multiplier + sum - Sum)));
        AddResidual(a);
        for (int v = 0; v < Vectors; v++) a.vcvtps2dq(Zmm(Sum + v), Zmm(Sum + v));
        for (int v = 0; v < Vectors; v += 2)
        {
            a.vpackssdw(Zmm(Sum + v), Zmm(Sum + v), Zmm(Sum + v + 1));
            a.vpaddsw(Zmm(Sum + v), Zmm(Sum + v), Zmm(ZeroPoint));
        }

        a.vpackuswb(Zmm(Sum), Zmm(Sum), Zmm(Sum + 2));
        a.vpmaxub(Zmm(Sum), Zmm(Sum), Zmm(Low));
        a.vpminub(Zmm(Sum), Zmm(Sum), Zmm(High));
        a.vmovdqu8(__zmmword_ptr[rcx].k1, Zmm(Sum));
    }

    /// <summary>f = fma(r - zeroPoint, scale, f) where there is a residual.</summary>
    private static void AddResidual(Assembler a)
    {
        var none = a.CreateLabel();
        a.test(r13, r13);
        a.je(none);
        a.vmovdqu8(Zmm(Tap), __zmmword_ptr[r13]);
        Interleave(a, 1);
        for (int v = 0; v < Vectors; v++)
        {
            a.vpsubd(Zmm(Tap + v), Zmm(Tap + v), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualZeroPoint))]);
            a.vcvtdq2ps(Zmm(Tap + v), Zmm(Tap + v));
            a.vfmadd231ps(Zmm(Sum + v), Zmm(Tap + v), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualScale))]);
        }

        a.add(r13, __qword_ptr[rdi + Field(nameof(ConvArgs.ResidualStride))]);
        a.Label(ref none);
    }
}
