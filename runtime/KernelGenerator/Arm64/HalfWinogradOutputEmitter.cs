using ResNetEdge.Backends.Cpu.Emit;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>
/// Emits Aᵀ M A of one tile and panel of 16 channels in half precision, then bias, residual, clamp and the store of pixels that exist; see
/// <see cref="HalfWinogradOutputArgs"/>.
/// </summary>
internal static class HalfWinogradOutputEmitter
{
    private const int Vectors = 2, FirstRow = 19, SavedBytes = 64;

    private static readonly X Args = new(0), Products = new(1), Pitch = new(2), Bias = new(3), Output = new(4), Residual = new(5), RowStride = new(6),
        PixelStride = new(7), ResidualRow = new(8), Height = new(12), Width = new(13), VectorsLeft = new(14), Line = new(15), To = new(16),
        Place = new(17), TwoPixels = new(25), ThreePixels = new(26), From = new(10), Left = new(11);

    private static readonly V Constant = new(7), BiasVector = new(22), Low = new(23), High = new(24);

    public static void Emit(Arm64Assembler a, int outputs)
    {
        int side = outputs + 2, frame = outputs * side * 16;
        Label vector = new(), row = new(), end = new(), plain = new();
        var constants = HalfWinogradLines.Constants(Constant);
        Start(a, frame, constants);
        a.Mark(vector);
        Columns(a, outputs, constants);

        a.Ldr(BiasVector.Q, Bias.Then(16));
        a.Add(Line, X.Sp, 0);
        a.Mov(To, Output);
        a.Mov(From, Residual);
        a.Mov(Left, Height);
        a.Mark(row);
        for (int x = 0; x < side; x += 2)
            a.Ldp(new V(x).Q, new V(x + 1).Q, Line.Then(32));
        var results = HalfWinogradLines.Output(a, outputs, constants);
        foreach (var y in results)
            a.Fadd(y.H8, y.H8, BiasVector.H8);
        a.Cbz(Residual, plain);
        AddResidual(a, results);
        a.Mark(plain);
        foreach (var y in results)
            a.Fmax(y.H8, y.H8, Low.H8);
        foreach (var y in results)
            a.Fmin(y.H8, y.H8, High.H8);
        Store(a, results);
        a.Subs(Left, Left, 1);
        a.B(Condition.NotEqual, row);

        a.Subs(VectorsLeft, VectorsLeft, 1);
        a.B(Condition.Equal, end);
        a.Add(Products, Products, 16);
        a.Add(Output, Output, 16);
        a.Cbz(Residual, vector);
        a.Add(Residual, Residual, 16);
        a.B(vector);

        a.Mark(end);
        a.Add(X.Sp, X.Sp, frame);
        for (int i = 1; i < 4; i++)
            a.Ldp(new X(19 + 2 * i), new X(20 + 2 * i), X.Sp.At(16 * i));
        a.Ldp(new X(19), new X(20), X.Sp.Then(SavedBytes));
        a.Ret();
        constants.Append(a);
    }

    private static void Start(Arm64Assembler a, int frame, HalfConstants constants)
    {
        a.Stp(new X(19), new X(20), X.Sp.Before(-SavedBytes));
        for (int i = 1; i < 4; i++)
            a.Stp(new X(19 + 2 * i), new X(20 + 2 * i), X.Sp.At(16 * i));
        a.Sub(X.Sp, X.Sp, frame);
        foreach (var (register, name) in new[]
        {
            (Products, nameof(HalfWinogradOutputArgs.Products)), (Pitch, nameof(HalfWinogradOutputArgs.ProductPitch)),
            (Bias, nameof(HalfWinogradOutputArgs.Bias)), (Output, nameof(HalfWinogradOutputArgs.Output)),
            (Residual, nameof(HalfWinogradOutputArgs.Residual)), (RowStride, nameof(HalfWinogradOutputArgs.RowStride)),
            (PixelStride, nameof(HalfWinogradOutputArgs.PixelStride)), (ResidualRow, nameof(HalfWinogradOutputArgs.ResidualRowStride)),
            (Height, nameof(HalfWinogradOutputArgs.Height)), (Width, nameof(HalfWinogradOutputArgs.Beside)),
        })
        {
            a.Ldr(register, Args.At(Field<HalfWinogradOutputArgs>(name)));
        }

        a.Add(Place, Args, Field<HalfWinogradOutputArgs>(nameof(HalfWinogradOutputArgs.Low)));
        a.Ldp(Low.Q, High.Q, Place.At(0));
        a.Add(TwoPixels, PixelStride, PixelStride);
        a.Add(ThreePixels, TwoPixels, PixelStride);
        a.Mov(VectorsLeft, Vectors);
        constants.Load(a, Place);
    }

    /// <summary>Down the columns, onto the stack as [row][column].</summary>
    private static void Columns(Arm64Assembler a, int outputs, HalfConstants constants)
    {
        int side = outputs + 2;
        a.Mov(new X(FirstRow), Products);
        // A row of products further: 2·2 or (1 + 2)·2 pitches.
        a.Add(Place, Pitch, Pitch, side == 6 ? 1 : 0);
        a.Add(Place, Place, Place);
        for (int y = 1; y < side; y++)
            a.Add(new X(FirstRow + y), new X(FirstRow + y - 1), Place);
        a.Mov(Place, 0);
        for (int x = 0; x < side; x++)
        {
            for (int y = 0; y < side; y++)
                a.Ldr(new V(y).Q, new X(FirstRow + y).Plus(Place));
            if (x + 1 < side) a.Add(Place, Place, Pitch);
            var results = HalfWinogradLines.Output(a, outputs, constants);
            for (int y = 0; y < outputs; y++)
                a.Str(results[y].Q, X.Sp.At((y * side + x) * 16));
        }
    }

    private static void AddResidual(Arm64Assembler a, V[] results)
    {
        for (int x = 0; x < results.Length; x++)
        {
            var value = new V(25 + x);
            if (x == 0)
            {
                a.Ldr(value.Q, From.At(0));
            }
            else
            {
                a.Ldr(Place, Args.At(Field<HalfWinogradOutputArgs>(ResidualPixels[x - 1])));
                a.Ldr(value.Q, From.Plus(Place));
            }

            a.Fadd(results[x].H8, results[x].H8, value.H8);
        }

        a.Add(From, From, ResidualRow);
    }

    private static readonly string[] ResidualPixels =
        [nameof(HalfWinogradOutputArgs.Residual1), nameof(HalfWinogradOutputArgs.Residual2), nameof(HalfWinogradOutputArgs.Residual3)];

    private static void Store(Arm64Assembler a, V[] results)
    {
        var done = new Label();
        a.Str(results[0].Q, To.At(0));
        for (int x = 1; x < results.Length; x++)
        {
            a.Tbz(Width, x - 1, done);
            a.Str(results[x].Q, To.Plus(x switch { 1 => PixelStride, 2 => TwoPixels, _ => ThreePixels }));
        }

        a.Mark(done);
        a.Add(To, To, RowStride);
    }
}
