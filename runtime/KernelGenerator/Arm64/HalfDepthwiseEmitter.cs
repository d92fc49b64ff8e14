using ResNetEdge.Backends.Cpu.Emit;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>
/// Emits a depthwise convolution in half precision: bias, one FMA a tap, residual, clamp, for eight channels at a time; see
/// <see cref="HalfDepthwiseArgs"/>.
/// </summary>
/// <remarks>For four pixels the taps of a filter row lie in registers, and every input is read once.</remarks>
internal static class HalfDepthwiseEmitter
{
    private const int Bytes = 16, FirstInput = 16, FirstSum = 28;

    private static readonly X Args = new(0), Input = new(1), Weights = new(2), Bias = new(3), Output = new(4), Residual = new(5),
        PixelStride = new(6), RowStride = new(7), OutputStride = new(8), ResidualStride = new(9), Rows = new(10), Vectors = new(11),
        Line = new(12), Row = new(13), RowsLeft = new(14), Tap = new(15), Weight = new(16), Temporary = new(17);

    private static readonly V Low = new(5), High = new(6);

    /// <summary>Four pixels of a square filter, dilation 1.</summary>
    /// <param name="a">Receives the code.</param>
    /// <param name="kernel">3 or 5.</param>
    /// <param name="stride">1 or 2.</param>
    public static void EmitFour(Arm64Assembler a, int kernel, int stride) => Emit(a, HalfDepthwiseArgs.Pixels, () =>
    {
        int inputs = (HalfDepthwiseArgs.Pixels - 1) * stride + kernel;
        a.Ld1(new V(0).H8, Math.Min(4, kernel), kernel > 4 ? Row.Then(4 * Bytes) : Row.Then(kernel * Bytes));
        if (kernel > 4) a.Ld1(new V(4).H8, kernel - 4, Row.Then((kernel - 4) * Bytes));
        for (int i = 0; i < inputs; i++)
            a.Ld1(new V(FirstInput + i).H8, 1, Tap.Then(PixelStride));
        for (int tap = 0; tap < kernel; tap++)
        {
            for (int pixel = 0; pixel < HalfDepthwiseArgs.Pixels; pixel++)
                a.Fmla(Sum(pixel).H8, new V(FirstInput + pixel * stride + tap).H8, new V(tap).H8);
        }
    });

    /// <summary>One pixel of any filter, the columns that lie in the picture.</summary>
    public static void EmitOne(Arm64Assembler a) => Emit(a, 1, () =>
    {
        var tap = new Label();
        a.Mov(Weight, Row);
        a.Ldr(Temporary, Args.At(Field<HalfDepthwiseArgs>(nameof(HalfDepthwiseArgs.Columns))));
        a.Mark(tap);
        a.Ld1(new V(FirstInput).H8, 1, Tap.Then(PixelStride));
        a.Ld1(new V(0).H8, 1, Weight.Then(Bytes));
        a.Fmla(Sum(0).H8, new V(FirstInput).H8, new V(0).H8);
        a.Subs(Temporary, Temporary, 1);
        a.B(Condition.NotEqual, tap);
        a.Ldr(Temporary, Args.At(Field<HalfDepthwiseArgs>(nameof(HalfDepthwiseArgs.WeightRow))));
        a.Add(Row, Row, Temporary);
    });

    private static void Emit(Arm64Assembler a, int pixels, Action emitRow)
    {
        Label vector = new(), row = new(), finish = new(), plain = new();
        foreach (var (register, name) in new[]
        {
            (Input, nameof(HalfDepthwiseArgs.Input)), (Weights, nameof(HalfDepthwiseArgs.Weights)), (Bias, nameof(HalfDepthwiseArgs.Bias)),
            (Output, nameof(HalfDepthwiseArgs.Output)), (Residual, nameof(HalfDepthwiseArgs.Residual)),
            (PixelStride, nameof(HalfDepthwiseArgs.PixelStride)), (RowStride, nameof(HalfDepthwiseArgs.RowStride)),
            (OutputStride, nameof(HalfDepthwiseArgs.OutputStride)), (ResidualStride, nameof(HalfDepthwiseArgs.ResidualStride)),
            (Rows, nameof(HalfDepthwiseArgs.Rows)), (Vectors, nameof(HalfDepthwiseArgs.Vectors)),
        })
        {
            a.Ldr(register, Args.At(Field<HalfDepthwiseArgs>(name)));
        }

        a.Add(Temporary, Args, Field<HalfDepthwiseArgs>(nameof(HalfDepthwiseArgs.Low)));
        a.Ldp(Low.Q, High.Q, Temporary.At(0));
        a.Mark(vector);
        a.Ldr(Sum(0).Q, Bias.Then(Bytes));
        for (int pixel = 1; pixel < pixels; pixel++)
            a.Mov(Sum(pixel), Sum(0));
        a.Mov(Line, Input);
        a.Mov(Row, Weights);
        a.Mov(RowsLeft, Rows);
        a.Cbz(Rows, finish);
        a.Mark(row);
        a.Mov(Tap, Line);
        emitRow();
        a.Add(Line, Line, RowStride);
        a.Subs(RowsLeft, RowsLeft, 1);
        a.B(Condition.NotEqual, row);

        a.Mark(finish);
        a.Cbz(Residual, plain);
        a.Mov(Tap, Residual);
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            a.Ld1(new V(0).H8, 1, Tap.Then(ResidualStride));
            a.Fadd(Sum(pixel).H8, Sum(pixel).H8, new V(0).H8);
        }

        a.Add(Residual, Residual, Bytes);
        a.Mark(plain);
        a.Mov(Tap, Output);
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            a.Fmax(Sum(pixel).H8, Sum(pixel).H8, Low.H8);
            a.Fmin(Sum(pixel).H8, Sum(pixel).H8, High.H8);
            a.St1(Sum(pixel).H8, 1, Tap.Then(OutputStride));
        }

        a.Add(Output, Output, Bytes);
        a.Add(Input, Input, Bytes);
        a.Ldr(Temporary, Args.At(Field<HalfDepthwiseArgs>(nameof(HalfDepthwiseArgs.WeightPitch))));
        a.Add(Weights, Weights, Temporary);
        a.Subs(Vectors, Vectors, 1);
        a.B(Condition.NotEqual, vector);
        a.Ret();
    }

    private static V Sum(int pixel) => new(FirstSum + pixel);
}
