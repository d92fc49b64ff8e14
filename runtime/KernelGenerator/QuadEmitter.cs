using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Emits one AVX-512 VNNI convolution kernel for 16 channels in and out, <c>void kernel(ConvArgs*)</c>, System V. Sixteen channels fill
/// but one vector of a pixel, and then every product needs a broadcast load of its own; here a vector is four neighbouring pixels × four
/// output channels, one load serves four pixels, and a shuffle within 128-bit lanes four products.
/// </summary>
/// <remarks>
/// An offset stands for four pixels of 16 bytes. Weights are packed as for a panel of 16: a step's 64 bytes are four groups of four output channels,
/// each broadcast to all lanes. The packs of the epilogue leave lane = pixel, byte = channel: no permutation is needed.
/// </remarks>
internal static class QuadEmitter
{
    private const int Steps = 4, Groups = 4, MostQuads = 6, FirstWeight = 24, Activation = 28, Temporary = 30;
    private static readonly AssemblerRegister64[] Quads = [r8, r9, r10, r11, rbx, rbp];
    private static readonly AssemblerRegister64[] Saved = [rbx, rbp, r12, r13, r14, r15];

    /// <summary>Emits the kernel whose tiles are so many times four pixels.</summary>
    public static void Emit(Assembler a, int quads)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quads, MostQuads);
        Label tile = a.CreateLabel(), tap = a.CreateLabel(), select = a.CreateLabel();
        foreach (var register in Saved) a.push(register);
        a.mov(r12, __qword_ptr[rdi + Field(nameof(ConvArgs.Offsets))]);
        a.mov(r13, __qword_ptr[rdi + Field(nameof(ConvArgs.Base))]);
        a.mov(rcx, __qword_ptr[rdi + Field(nameof(ConvArgs.Output))]);
        a.mov(rdx, __qword_ptr[rdi + Field(nameof(ConvArgs.Residual))]);
        a.mov(r14, __qword_ptr[rdi + Field(nameof(ConvArgs.TapPitch))]);

        a.Label(ref tile);
        a.mov(rax, __qword_ptr[rdi + Field(nameof(ConvArgs.Bias))]);
        for (int group = 0; group < Groups; group++)
        {
            a.vbroadcasti32x4(Zmm(group), __xmmword_ptr[rax + group * 16]);
            for (int quad = 1; quad < quads; quad++) a.vmovdqa32(Zmm(quad * Groups + group), Zmm(group));
        }

        a.mov(rsi, __qword_ptr[rdi + Field(nameof(ConvArgs.Weights))]);
        a.mov(rax, r12);
        a.mov(r15d, __dword_ptr[rdi + Field(nameof(ConvArgs.Taps))]);
        a.Label(ref tap);
        for (int quad = 0; quad < quads; quad++) a.mov(Low32(Quads[quad]), __dword_ptr[rax + quad * 4]);
        a.add(rax, r14);
        for (int step = 0, turn = 0; step < Steps; step++)
        {
            for (int group = 0; group < Groups; group++) a.vbroadcasti32x4(Zmm(FirstWeight + group), __xmmword_ptr[rsi + step * 64 + group * 16]);
            for (int quad = 0; quad < quads; quad++)
            {
                var x = Zmm(Activation + turn++ % 2);
                a.vpshufd(x, __zmmword_ptr[r13 + Quads[quad]], (byte)(step * 0b01_01_01_01)); // Each pixel's four channels in all of its lane.
                for (int group = 0; group < Groups; group++) a.vpdpbusd(Zmm(quad * Groups + group), x, Zmm(FirstWeight + group));
            }
        }

        a.add(rsi, Steps * 64);
        a.dec(r15d);
        a.jne(tap);

        Epilogue(a, quads, select);
        a.add(r12, quads * 4);
        a.dec(__dword_ptr[rdi + Field(nameof(ConvArgs.Tiles))]);
        a.jne(tile);
        a.vzeroupper();
        foreach (var register in Saved.Reverse()) a.pop(register);
        a.ret();
        EmitSelections(a, select);
    }

    /// <summary>docs/int8-arithmetic.md, as <see cref="Int8Epilogue"/>.</summary>
    private static void Epilogue(Assembler a, int quads, Label select)
    {
        const int ZeroPoint = 28, Low = 29;
        var none = a.CreateLabel();
        a.mov(rax, __qword_ptr[rdi + Field(nameof(ConvArgs.Multiplier))]);
        for (int group = 0; group < Groups; group++) a.vbroadcasti32x4(Zmm(FirstWeight + group), __xmmword_ptr[rax + group * 16]);
        ScaleStep.Emit(a, [.. Enumerable.Range(0, quads * Groups)], Temporary,
            i => a.vmulps(Zmm(i), Zmm(i), Zmm(FirstWeight + i % Groups)),
            (i, rounding) => a.vfmadd132ps(Zmm(i), rounding, Zmm(FirstWeight + i % Groups)));
        a.test(rdx, rdx);
        a.je(none);
        a.lea(rsi, __[select]);
        for (int quad = 0; quad < quads; quad++) AddResidual(a, quad);
        a.add(rdx, quads * 64);
        a.Label(ref none);
        for (int i = 0; i < quads * Groups; i++) a.vcvtps2dq(Zmm(i), Zmm(i)); // The control register's default: nearest even.
        a.vpbroadcastw(Zmm(ZeroPoint), __word_ptr[rdi + Field(nameof(ConvArgs.OutputZeroPoint))]);
        a.vpbroadcastb(Zmm(Low), __byte_ptr[rdi + Field(nameof(ConvArgs.Low))]);
        for (int quad = 0; quad < quads; quad++)
        {
            int first = quad * Groups;
            for (int half = first; half < first + Groups; half += 2)
            {
                a.vpackssdw(Zmm(half), Zmm(half), Zmm(half + 1));
                a.vpaddsw(Zmm(half), Zmm(half), Zmm(ZeroPoint));
            }

            a.vpackuswb(Zmm(first), Zmm(first), Zmm(first + 2));
            a.vpmaxub(Zmm(first), Zmm(first), Zmm(Low));
            a.vpminub(Zmm(first), Zmm(first), __zmmword_ptr[rdi + Field(nameof(ConvArgs.High))]);
            a.vmovdqu32(__zmmword_ptr[rcx + quad * 64], Zmm(first));
        }

        a.add(rcx, quads * 64);
    }

    /// <summary>f = fma(r - zeroPoint, scale, f); the bytes of a group of channels are picked out of each pixel and widened by one shuffle.</summary>
    private static void AddResidual(Assembler a, int quad)
    {
        a.vmovdqu32(Zmm(Activation), __zmmword_ptr[rdx + quad * 64]);
        for (int group = 0; group < Groups; group++)
        {
            a.vpshufb(Zmm(Temporary), Zmm(Activation), __zmmword_ptr[rsi + group * 64]);
            a.vpsubd(Zmm(Temporary), Zmm(Temporary), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualZeroPoint))]);
            a.vcvtdq2ps(Zmm(Temporary), Zmm(Temporary));
            a.vfmadd231ps(Zmm(quad * Groups + group), Zmm(Temporary), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualScale))]);
        }
    }

    /// <summary>For each group, which byte of a pixel goes into the low byte of each dword; 0x80 makes zero.</summary>
    private static void EmitSelections(Assembler a, Label select)
    {
        a.Label(ref select);
        for (int group = 0; group < Groups; group++)
        {
            for (int dword = 0; dword < 16; dword++) a.dd(0x80808000 | (uint)(group * 4 + dword % 4));
        }
    }
}
