using System.Runtime.InteropServices;
using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Emits AMX kernels, <c>void kernel(AmxArgs*)</c>, System V: up to 2 tiles of 16 pixels × 2 of 16 channels, 64 products deep a step. Four
/// products of tiles a step take 64 cycles and their four loads 32, so both operands may come from the first cache.
/// </summary>
/// <remarks>
/// Packed weights [step][width][4] are tiles as they stand: 16 steps of four bytes are 16 rows, width·4 bytes apart. Sums start from
/// the bias, a tile whose rows all lie at the same address, or from an earlier stretch. They leave tiles only through memory, where the
/// AVX-512 epilogue finds them. The thread's tiles must have been shaped by <see cref="EmitConfigure"/>.
/// </remarks>
internal static class AmxEmitter
{
    private const int SumTiles = 0, ActivationTiles = 4, WeightTiles = 6, PixelsAtOnce = 8;

    /// <summary>A kernel for so many tiles of pixels (1, 2) and vectors of 16 channels (1, 2).</summary>
    public static void Emit(Assembler a, int pixelTiles, int vectors)
    {
        var done = a.CreateLabel();
        LoadSums(a, pixelTiles, vectors);
        Multiply(a, pixelTiles, vectors);
        StoreSums(a, pixelTiles, vectors);
        a.cmp(__dword_ptr[rdi + AmxField(nameof(AmxArgs.IsLast))], 0);
        a.je(done);
        var permutation = a.CreateLabel();
        Finish(a, vectors, permutation);
        a.vzeroupper();
        a.Label(ref done);
        a.ret();
        Int8Epilogue.EmitConstants(a, permutation);
    }

    /// <summary><c>void configure(byte* configuration)</c>: shapes this thread's tiles.</summary>
    public static void EmitConfigure(Assembler a)
    {
        a.ldtilecfg(__[rdi]);
        a.ret();
    }

    /// <summary><c>void release()</c>: gives the tiles back, so that the system need not save them.</summary>
    public static void EmitRelease(Assembler a)
    {
        a.tilerelease();
        a.ret();
    }

    private static void LoadSums(Assembler a, int pixelTiles, int vectors)
    {
        a.mov(rax, Args(nameof(AmxArgs.Start)));
        a.mov(rcx, Args(nameof(AmxArgs.StartStride)));
        for (int p = 0; p < pixelTiles; p++)
        {
            if (p > 0)
                a.add(rax, Args(nameof(AmxArgs.StartSecondTile)));
            for (int v = 0; v < vectors; v++)
                a.tileloadd(Tmm(SumTiles + p * vectors + v), __[rax + rcx * 1 + v * 64]);
        }
    }

    private static void Multiply(Assembler a, int pixelTiles, int vectors)
    {
        var step = a.CreateLabel();
        a.mov(rsi, Args(nameof(AmxArgs.Activations)));
        a.mov(r8, Args(nameof(AmxArgs.ActivationStride)));
        a.mov(rdx, rsi);
        a.add(rdx, Args(nameof(AmxArgs.SecondTile)));
        a.mov(r9, __qword_ptr[rdi + Field(nameof(ConvArgs.Weights))]);
        a.mov(r10d, vectors * 64);
        a.mov(r11d, __dword_ptr[rdi + AmxField(nameof(AmxArgs.Steps))]);
        a.Label(ref step);
        for (int v = 0; v < vectors; v++)
            a.tileloadd(Tmm(WeightTiles + v), __[r9 + r10 * 1 + v * 64]);
        for (int p = 0; p < pixelTiles; p++)
        {
            a.tileloadd(Tmm(ActivationTiles + p), __[(p == 0 ? rsi : rdx) + r8 * 1]);
            for (int v = 0; v < vectors; v++)
                a.tdpbusd(Tmm(SumTiles + p * vectors + v), Tmm(ActivationTiles + p), Tmm(WeightTiles + v));
        }

        a.add(rsi, 64);
        a.add(rdx, 64);
        a.add(r9, vectors * 64 * 16);
        a.dec(r11d);
        a.jne(step);
    }

    private static void StoreSums(Assembler a, int pixelTiles, int vectors)
    {
        a.mov(r9, Args(nameof(AmxArgs.Sums)));
        a.mov(rax, r9);
        for (int p = 0; p < pixelTiles; p++)
        {
            if (p > 0)
                a.add(rax, Args(nameof(AmxArgs.SumsSecondTile)));
            for (int v = 0; v < vectors; v++)
                a.tilestored(__[rax + r10 * 1 + v * 64], Tmm(SumTiles + p * vectors + v));
        }
    }

    /// <summary>Eight pixels at once, then one at a time; r9 walks the sums.</summary>
    private static void Finish(Assembler a, int vectors, Label permutation)
    {
        Label eight = a.CreateLabel(), one = a.CreateLabel(), done = a.CreateLabel();
        a.mov(r10d, __dword_ptr[rdi + Field(nameof(ConvArgs.Tiles))]);
        a.mov(rcx, __qword_ptr[rdi + Field(nameof(ConvArgs.Output))]);
        a.mov(rdx, __qword_ptr[rdi + Field(nameof(ConvArgs.Residual))]);
        a.kmovq(k1, __qword_ptr[rdi + Field(nameof(ConvArgs.Mask))]);
        FinishWhile(a, PixelsAtOnce, vectors, permutation, eight, otherwise: one);
        FinishWhile(a, 1, vectors, permutation, one, otherwise: done);
        a.Label(ref done);
    }

    private static void FinishWhile(Assembler a, int pixels, int vectors, Label permutation, Label again, Label otherwise)
    {
        var tile = new Tile(Element.Int8, pixels, vectors);
        a.Label(ref again);
        a.cmp(r10d, pixels);
        a.jb(otherwise);
        for (int i = 0; i < tile.Accumulators; i++)
            a.vmovdqu32(Zmm(i), __zmmword_ptr[r9 + i * 64]);
        Int8Epilogue.Emit(a, tile, permutation);
        a.add(r9, tile.Accumulators * 64);
        a.sub(r10d, pixels);
        a.jmp(again);
    }

    private static AssemblerRegisterTMM Tmm(int i) => new((Register)((int)Register.TMM0 + i));

    private static AssemblerMemoryOperand Args(string field) => __qword_ptr[rdi + AmxField(field)];

    private static int AmxField(string name) => (int)Marshal.OffsetOf<AmxArgs>(name);
}
