using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Emits one AVX-512 float kernel that goes along rows, <c>void kernel(RowConvArgs*)</c>, System V: rows, their tiles of some pixels, and panels of
/// 16 channels; for depthwise filters and small groups. An input is loaded once for each filter row and serves all outputs of the tile that see it.
/// </summary>
/// <remarks>
/// A tile's sums are in registers; they take the bias, then the products by filter row, block of input channels, channel and filter column.
/// rdi: arguments; rax, r13: first input and output; rcx, rdx: weights and bias; r8, r9, r10, rbp: one, three, five and seven columns; r15: from one
/// filter row to the next; rsi, r11, r14: input, weights and permutations as they are walked; r12: filter rows left; rbx is for the moment.
/// </remarks>
internal static class RowConvEmitter
{
    private const int Low = 30, High = 31;

    /// <summary>Stack frame.</summary>
    private const int TilePointer = 0, LinePointer = 8, RowInput = 16, TilesLeft = 24, PanelsLeft = 28, BlocksLeft = 32, FrameBytes = 40;

    private static unsafe int TileBytes => sizeof(RowConvTile);

    private static unsafe int LineBytes => sizeof(RowConvLine);

    /// <param name="a">Receives the code.</param>
    /// <param name="shape">What it is for.</param>
    public static void Emit(Assembler a, RowConvShape shape)
    {
        Label line = a.CreateLabel(), tile = a.CreateLabel(), panel = a.CreateLabel(), filterRow = a.CreateLabel(), sums = a.CreateLabel();
        Prologue(a);
        a.Label(ref line);
        a.mov(rax, Argument(nameof(RowConvArgs.Tiles)));
        a.mov(__qword_ptr[rsp + TilePointer], rax);
        a.mov(eax, __dword_ptr[rdi + Field<RowConvArgs>(nameof(RowConvArgs.TileCount))]);
        a.mov(__dword_ptr[rsp + TilesLeft], eax);
        a.Label(ref tile);
        StartTile(a, shape);
        a.Label(ref panel);
        StartPanel(a, shape);
        a.test(r12, r12);
        a.je(sums);
        a.Label(ref filterRow);
        FilterRow(a, shape);
        a.dec(r12);
        a.jne(filterRow);
        a.Label(ref sums);
        Epilogue(a, shape);
        EndPanel(a, panel);
        a.add(__qword_ptr[rsp + TilePointer], TileBytes);
        a.dec(__dword_ptr[rsp + TilesLeft]);
        a.jne(tile);
        a.add(__qword_ptr[rsp + LinePointer], LineBytes);
        a.dec(__dword_ptr[rdi + Field<RowConvArgs>(nameof(RowConvArgs.LineCount))]);
        a.jne(line);
        a.vzeroupper();
        a.add(rsp, FrameBytes);
        foreach (var register in CalleeSaved.Reverse())
            a.pop(register);
        a.ret();
    }

    private static AssemblerMemoryOperand Argument(string name) => __qword_ptr[rdi + Field<RowConvArgs>(name)];

    private static void Prologue(Assembler a)
    {
        foreach (var register in CalleeSaved)
            a.push(register);
        a.sub(rsp, FrameBytes);
        a.mov(r8, Argument(nameof(RowConvArgs.InputStride)));
        a.lea(r9, __[r8 + r8 * 2]);
        a.lea(r10, __[r8 + r8 * 4]);
        a.lea(rbp, __[r9 + r8 * 4]);
        a.mov(r15, Argument(nameof(RowConvArgs.NextRow)));
        a.mov(rax, Argument(nameof(RowConvArgs.Lines)));
        a.mov(__qword_ptr[rsp + LinePointer], rax);
        a.kxnorq(k1, k1, k1);
    }

    /// <summary>The masks of the columns that may be outside, and where the tile's first panel begins.</summary>
    private static void StartTile(Assembler a, RowConvShape shape)
    {
        a.mov(rbx, __qword_ptr[rsp + TilePointer]);
        for (int side = 0; side < 2; side++)
        {
            for (int i = 0; i < shape.MaskedColumns; i++)
            {
                int mask = side * RowConvTile.MaskedColumns + i;
                a.kmovq(Mask(RowConvStep.FirstMask + mask), __qword_ptr[rbx + Field<RowConvTile>(nameof(RowConvTile.Masks)) + mask * 8]);
            }
        }

        a.mov(r11, __qword_ptr[rsp + LinePointer]);
        a.mov(rax, __qword_ptr[r11 + Field<RowConvLine>(nameof(RowConvLine.Input))]);
        a.add(rax, __qword_ptr[rbx + Field<RowConvTile>(nameof(RowConvTile.Input))]);
        a.add(rax, Argument(nameof(RowConvArgs.Input)));
        a.mov(r13, __qword_ptr[r11 + Field<RowConvLine>(nameof(RowConvLine.Output))]);
        a.add(r13, __qword_ptr[rbx + Field<RowConvTile>(nameof(RowConvTile.Output))]);
        a.add(r13, Argument(nameof(RowConvArgs.Output)));
        a.mov(rcx, Argument(nameof(RowConvArgs.Weights)));
        a.add(rcx, __qword_ptr[r11 + Field<RowConvLine>(nameof(RowConvLine.Weights))]);
        a.mov(rdx, Argument(nameof(RowConvArgs.Bias)));
        a.mov(ebx, __dword_ptr[rdi + Field<RowConvArgs>(nameof(RowConvArgs.PanelCount))]);
        a.mov(__dword_ptr[rsp + PanelsLeft], ebx);
    }

    /// <summary>Sums = bias.</summary>
    private static void StartPanel(Assembler a, RowConvShape shape)
    {
        a.mov(rsi, rax);
        a.mov(r11, __qword_ptr[rsp + LinePointer]);
        a.mov(r12, __qword_ptr[r11 + Field<RowConvLine>(nameof(RowConvLine.FilterRows))]);
        a.mov(r11, rcx);
        a.vmovups(Zmm(0), __zmmword_ptr[rdx]);
        for (int i = 1; i < shape.Pixels; i++) a.vmovaps(Zmm(i), Zmm(0));
    }

    /// <summary>The products of one filter row; input and weights are moved to the next.</summary>
    private static void FilterRow(Assembler a, RowConvShape shape)
    {
        if (shape.Kind == RowConvKind.Depthwise)
        {
            RowConvStep.Emit(a, shape);
            a.add(rsi, r15);
            return;
        }

        var block = a.CreateLabel();
        a.mov(__qword_ptr[rsp + RowInput], rsi);
        a.mov(ebx, __dword_ptr[rdi + Field<RowConvArgs>(nameof(RowConvArgs.Blocks))]);
        a.mov(__dword_ptr[rsp + BlocksLeft], ebx);
        if (shape.Kind == RowConvKind.Permuted) a.mov(r14, Argument(nameof(RowConvArgs.Permutations)));
        a.Label(ref block);
        RowConvStep.Emit(a, shape);
        if (shape.Kind == RowConvKind.Permuted) a.add(r14, RowConvShape.GroupBlock * 64);
        else a.add(rsi, RowConvShape.GroupBlock * 4);
        a.dec(__dword_ptr[rsp + BlocksLeft]);
        a.jne(block);
        a.mov(rsi, __qword_ptr[rsp + RowInput]);
        a.add(rsi, r15);
    }

    /// <summary>y = clamp(sum, Low, High) for the channels that exist.</summary>
    private static void Epilogue(Assembler a, RowConvShape shape)
    {
        var whole = a.CreateLabel();
        a.vbroadcastss(Zmm(Low), __dword_ptr[rdi + Field<RowConvArgs>(nameof(RowConvArgs.Low))]);
        a.vbroadcastss(Zmm(High), __dword_ptr[rdi + Field<RowConvArgs>(nameof(RowConvArgs.High))]);
        a.cmp(__dword_ptr[rsp + PanelsLeft], 1);
        a.jne(whole);
        a.kmovq(k1, Argument(nameof(RowConvArgs.LastMask)));
        a.Label(ref whole);
        a.mov(rbx, r13);
        a.mov(r12, Argument(nameof(RowConvArgs.OutputStride)));
        for (int i = 0; i < shape.Pixels; i++)
        {
            a.vmaxps(Zmm(i), Zmm(Low), Zmm(i)); // In this order a NaN stays.
            a.vminps(Zmm(i), Zmm(High), Zmm(i));
            a.vmovups(__zmmword_ptr[rbx].k1, Zmm(i));
            if (i + 1 < shape.Pixels) a.add(rbx, r12);
        }
    }

    private static void EndPanel(Assembler a, Label panel)
    {
        var last = a.CreateLabel();
        a.dec(__dword_ptr[rsp + PanelsLeft]);
        a.je(last);
        a.add(rax, 64);
        a.add(r13, 64);
        a.add(rdx, 64);
        a.add(rcx, Argument(nameof(RowConvArgs.NextPanel)));
        a.jmp(panel);
        a.Label(ref last);
        a.kxnorq(k1, k1, k1);
    }
}
