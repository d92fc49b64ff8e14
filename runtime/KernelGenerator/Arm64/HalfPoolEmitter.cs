using ResNetEdge.Backends.Cpu.Emit;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>The largest or the average half of a window, for all channels; see <see cref="HalfPoolArgs"/>.</summary>
/// <remarks>32 channels at a time, then 8; where channels are no multiple of eight, the last eight overlap those before.</remarks>
internal static class HalfPoolEmitter
{
    private const int Wide = 4, Lanes = HalfPoolArgs.Lanes, Bytes = 16;

    private static readonly X Args = new(0), Window = new(1), Output = new(2), Down = new(3), Right = new(4), Rows = new(5), Columns = new(6),
        Channels = new(7), Line = new(8), RowsLeft = new(9), Tap = new(10), ColumnsLeft = new(11), Missing = new(12);

    private static readonly V Count = new(31);

    public static void EmitMax(Arm64Assembler a) => Emit(a, isMax: true);

    /// <summary>The sum in float32 in the order row, column; divided, and rounded once.</summary>
    public static void EmitAverage(Arm64Assembler a) => Emit(a, isMax: false);

    private static void Emit(Arm64Assembler a, bool isMax)
    {
        Label wide = new(), single = new(), whole = new(), end = new();
        foreach (var (register, name) in new[]
        {
            (Window, nameof(HalfPoolArgs.Window)), (Output, nameof(HalfPoolArgs.Output)), (Down, nameof(HalfPoolArgs.Down)),
            (Right, nameof(HalfPoolArgs.Right)), (Rows, nameof(HalfPoolArgs.Rows)), (Columns, nameof(HalfPoolArgs.Columns)),
            (Channels, nameof(HalfPoolArgs.Channels)),
        })
        {
            a.Ldr(register, Args.At(Field<HalfPoolArgs>(name)));
        }

        if (!isMax)
        {
            a.Add(Tap, Args, Field<HalfPoolArgs>(nameof(HalfPoolArgs.Count)));
            a.Ld1r(Count.S4, Tap.At(0));
        }

        a.Mark(wide);
        a.Cmp(Channels, Wide * Lanes);
        a.B(Condition.Below, single);
        Vectors(a, Wide, isMax);
        a.B(wide);

        a.Mark(single);
        a.Cbz(Channels, end);
        a.Cmp(Channels, Lanes);
        a.B(Condition.AtLeast, whole);
        a.Mov(Missing, Lanes);
        a.Sub(Missing, Missing, Channels);
        a.Sub(Window, Window, Missing, 1);
        a.Sub(Output, Output, Missing, 1);
        a.Mov(Channels, Lanes);
        a.Mark(whole);
        Vectors(a, 1, isMax);
        a.B(single);
        a.Mark(end);
        a.Ret();
    }

    /// <summary>One window of some vectors of channels.</summary>
    private static void Vectors(Arm64Assembler a, int vectors, bool isMax)
    {
        Label row = new(), column = new();
        if (isMax)
        {
            a.Ld1(new V(0).H8, vectors, Window.At(0));
        }
        else
        {
            for (int i = 0; i < 2 * vectors; i++)
                a.Movi(new V(i).B16, 0);
        }

        a.Mov(Line, Window);
        a.Mov(RowsLeft, Rows);
        a.Mark(row);
        a.Mov(Tap, Line);
        a.Mov(ColumnsLeft, Columns);
        a.Mark(column);
        a.Ld1(new V(16).H8, vectors, Tap.At(0));
        a.Add(Tap, Tap, Right);
        for (int i = 0; i < vectors; i++)
        {
            if (isMax) a.Fmax(new V(i).H8, new V(i).H8, new V(16 + i).H8);
            else Add(a, i);
        }

        a.Subs(ColumnsLeft, ColumnsLeft, 1);
        a.B(Condition.NotEqual, column);
        a.Add(Line, Line, Down);
        a.Subs(RowsLeft, RowsLeft, 1);
        a.B(Condition.NotEqual, row);

        for (int i = 0; i < vectors && !isMax; i++)
        {
            a.Fdiv(new V(2 * i).S4, new V(2 * i).S4, Count.S4);
            a.Fdiv(new V(2 * i + 1).S4, new V(2 * i + 1).S4, Count.S4);
            a.Fcvtn(new V(i).H4, new V(2 * i).S4);
            a.Fcvtn2(new V(i).H8, new V(2 * i + 1).S4);
        }

        a.St1(new V(0).H8, vectors, Output.Then(vectors * Bytes));
        a.Add(Window, Window, vectors * Bytes);
        a.Sub(Channels, Channels, vectors * Lanes);
    }

    /// <summary>Adds eight halves to two registers of sums.</summary>
    private static void Add(Arm64Assembler a, int i)
    {
        V low = new(24), high = new(25), value = new(16 + i);
        a.Fcvtl(low.S4, value.H4);
        a.Fcvtl2(high.S4, value.H8);
        a.Fadd(new V(2 * i).S4, new V(2 * i).S4, low.S4);
        a.Fadd(new V(2 * i + 1).S4, new V(2 * i + 1).S4, high.S4);
    }
}
