using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Emits one AVX-512 convolution kernel, <c>void kernel(ConvArgs*)</c>, System V: loops over tiles, taps and channels with the
/// accumulators in registers, then the fused epilogue. Indirect convolution: Dukhan, arXiv:1907.02129.
/// </summary>
/// <remarks>
/// In the inner loop rdi walks the weights, one register walks the channels of all pixels, and the other general registers hold the
/// pixels' offsets, read from the table as they are; counters live on the stack. Channels that do not fill a block of four steps
/// enter the first block late (a jump into the unrolled body, with both walkers moved back to match), so nothing is padded and
/// nothing done in vain.
/// </remarks>
internal static class ConvEmitter
{
    /// <summary>Stack frame.</summary>
    private const int Args = 0, TilePointer = 8, TapPointer = 16, Output = 24, Residual = 32, WeightPointer = 40, Base = 48, Pitch = 56,
        SkipBytes = 64, Entry = 72, Tiles = 80, Taps = 84, Blocks = 88, BlocksLeft = 92, Ahead = 96, FrameBytes = 104;

    public static void Emit(Assembler a, Tile tile)
    {
        tile.Check();
        var steps = Enumerable.Range(0, Tile.Unroll).Select(_ => a.CreateLabel()).ToArray();
        Label tileLoop = a.CreateLabel(), tapLoop = a.CreateLabel(), blockLoop = steps[0];

        Prologue(a, tile, steps);
        a.Label(ref tileLoop);
        StartTile(a, tile);
        a.Label(ref tapLoop);
        StartTap(a, tile);
        Block(a, tile, steps);
        a.dec(__dword_ptr[rsp + BlocksLeft]);
        a.jne(blockLoop);
        a.dec(__dword_ptr[rsp + Taps]);
        a.jne(tapLoop);

        a.mov(rdi, __qword_ptr[rsp + Args]);
        a.mov(rcx, __qword_ptr[rsp + Output]);
        a.mov(rdx, __qword_ptr[rsp + Residual]);
        var constants = a.CreateLabel();
        if (tile.IsInt8)
            Int8Epilogue.Emit(a, tile, constants);
        else
            Fp32Epilogue.Emit(a, tile);
        a.mov(__qword_ptr[rsp + Output], rcx);
        a.mov(__qword_ptr[rsp + Residual], rdx);
        a.dec(__dword_ptr[rsp + Tiles]);
        a.jne(tileLoop);

        a.vzeroupper();
        a.add(rsp, FrameBytes);
        foreach (var register in CalleeSaved.Reverse())
            a.pop(register);
        a.ret();
        if (tile.IsInt8)
            Int8Epilogue.EmitConstants(a, constants);
    }

    private static void Prologue(Assembler a, Tile tile, Label[] steps)
    {
        foreach (var register in CalleeSaved)
            a.push(register);
        a.sub(rsp, FrameBytes);
        a.mov(__qword_ptr[rsp + Args], rdi);
        foreach (var (field, slot) in new[]
        {
            (nameof(ConvArgs.Offsets), TilePointer), (nameof(ConvArgs.Output), Output), (nameof(ConvArgs.Residual), Residual),
            (nameof(ConvArgs.Base), Base), (nameof(ConvArgs.TapPitch), Pitch), (nameof(ConvArgs.Ahead), Ahead),
        })
        {
            a.mov(rax, __qword_ptr[rdi + Field(field)]);
            a.mov(__qword_ptr[rsp + slot], rax);
        }

        foreach (var (field, slot) in new[] { (nameof(ConvArgs.Tiles), Tiles), (nameof(ConvArgs.Blocks), Blocks) })
        {
            a.mov(eax, __dword_ptr[rdi + Field(field)]);
            a.mov(__dword_ptr[rsp + slot], eax);
        }

        a.mov(eax, __dword_ptr[rdi + Field(nameof(ConvArgs.Skip))]);
        a.imul(ecx, eax, tile.StepBytes);
        a.mov(__qword_ptr[rsp + SkipBytes], rcx);
        a.lea(rcx, __[steps[0]]);
        for (int skip = 1; skip < Tile.Unroll; skip++)
        {
            a.lea(rdx, __[steps[skip]]);
            a.cmp(eax, skip);
            a.cmove(rcx, rdx);
        }

        a.mov(__qword_ptr[rsp + Entry], rcx);
        a.kmovq(k1, __qword_ptr[rdi + Field(nameof(ConvArgs.Mask))]);
        if (!tile.IsInt8)
        {
            for (int v = 1; v < tile.Vectors; v++)
                a.kshiftrq(Mask(v + 1), k1, (byte)(v * 16)); // One mask for each 16 channels.
        }
    }

    /// <summary>Accumulators = bias.</summary>
    private static void StartTile(Assembler a, Tile tile)
    {
        a.mov(rdi, __qword_ptr[rsp + Args]);
        a.mov(eax, __dword_ptr[rdi + Field(nameof(ConvArgs.Taps))]);
        a.mov(__dword_ptr[rsp + Taps], eax);
        a.mov(rax, __qword_ptr[rsp + TilePointer]);
        a.mov(__qword_ptr[rsp + TapPointer], rax);
        a.add(rax, tile.Rows * 4);
        a.mov(__qword_ptr[rsp + TilePointer], rax);
        if (tile.Element == Element.Int8Bw)
            PairStep.LoadMask(a, tile);
        a.mov(rax, __qword_ptr[rdi + Field(nameof(ConvArgs.Bias))]);
        for (int v = 0; v < tile.Vectors; v++)
            a.vmovdqu32(Zmm(v), __zmmword_ptr[rax + v * 64]);
        for (int i = tile.Vectors; i < tile.Accumulators; i++)
            a.vmovdqa32(Zmm(i), Zmm(i % tile.Vectors));
        if (tile.CanPrefetch)
        {
            a.mov(Rows[tile.Rows], __qword_ptr[rsp + Ahead]);
            if (FetchesByTurns(tile)) a.add(__qword_ptr[rsp + Ahead], 64);
        }

        a.mov(rdi, __qword_ptr[rdi + Field(nameof(ConvArgs.Weights))]);
    }

    /// <summary>Rows = offsets, walker = base; rdi is borrowed meanwhile.</summary>
    private static void StartTap(Assembler a, Tile tile)
    {
        a.sub(rdi, __qword_ptr[rsp + SkipBytes]);
        a.mov(__qword_ptr[rsp + WeightPointer], rdi);
        a.mov(rdi, __qword_ptr[rsp + TapPointer]);
        for (int m = 0; m < tile.Rows; m++)
            a.mov(Low32(Rows[m]), __dword_ptr[rdi + m * 4]);
        a.add(rdi, __qword_ptr[rsp + Pitch]);
        a.mov(__qword_ptr[rsp + TapPointer], rdi);
        a.mov(Walker, __qword_ptr[rsp + Base]);
        a.mov(edi, __dword_ptr[rsp + Blocks]);
        a.mov(__dword_ptr[rsp + BlocksLeft], edi);
        a.mov(rdi, __qword_ptr[rsp + WeightPointer]);
        a.jmp(__qword_ptr[rsp + Entry]);
    }

    private static void Block(Assembler a, Tile tile, Label[] steps)
    {
        for (int step = 0, turn = 0; step < Tile.Unroll; step++)
        {
            a.Label(ref steps[step]);
            if (tile.Element == Element.Int8Bw)
                PairStep.Emit(a, tile, step);
            else
                Step(a, tile, step, ref turn);
        }

        a.add(rdi, Tile.Unroll * tile.StepBytes);
        a.add(Walker, Tile.Unroll * 4);
    }

    private static void Step(Assembler a, Tile tile, int step, ref int turn)
    {
        for (int v = 0; v < tile.Vectors; v++)
        {
            int offset = step * tile.StepBytes + v * 64;
            a.vmovdqu32(Zmm(tile.FirstWeight + v), __zmmword_ptr[rdi + offset]);
            if (v == 0 || !FetchesByTurns(tile)) Prefetch(a, tile, offset);
        }

        for (int m = 0; m < tile.Rows; m++)
        {
            var x = Zmm(tile.FirstActivation + turn++ % tile.ActivationRegisters);
            a.vpbroadcastd(x, __dword_ptr[Walker + Rows[m] + step * 4]); // Four u8 or one float.
            for (int v = 0; v < tile.Vectors; v++)
                Multiply(a, tile, m, v, x);
        }
    }

    /// <summary>
    /// One of four lines a step, another one in the next tile. All at once are more than the memory behind the second cache gives meanwhile.
    /// </summary>
    private static bool FetchesByTurns(Tile tile) => tile is { Vectors: 4, Element: Element.Fp32 or Element.Int8 };

    /// <summary>The same place in the next panel.</summary>
    public static void Prefetch(Assembler a, Tile tile, int offset)
    {
        if (tile.CanPrefetch)
            a.prefetcht1(__byte_ptr[rdi + Rows[tile.Rows] + offset]);
    }

    private static void Multiply(Assembler a, Tile tile, int row, int vector, AssemblerRegisterZMM x)
    {
        if (tile.Element == Element.Int8)
            a.vpdpbusd(Zmm(tile.Accumulator(row, vector)), x, Zmm(tile.FirstWeight + vector));
        else
            a.vfmadd231ps(Zmm(tile.Accumulator(row, vector)), x, Zmm(tile.FirstWeight + vector));
    }
}
