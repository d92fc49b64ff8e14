using ResNetEdge.Backends.Cpu.Emit;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>Emits Bᵀ d B of one tile in half precision, all channels; see <see cref="HalfWinogradInputArgs"/>.</summary>
/// <remarks>
/// Some vectors of channels at a time: down the columns into a buffer, [vector][column][row], for which pointers to a column's pixels are made once,
/// and then along the rows.
/// </remarks>
internal static class HalfWinogradInputEmitter
{
    private static readonly X Args = new(0), Arena = new(1), Offsets = new(2), To = new(3), Next = new(4), Pitch = new(5), Vectors = new(6),
        Buffer = new(7), Chunk = new(8), Left = new(16), Line = new(15), Row = new(17);

    /// <summary>Pointers to the pixels of a column; registers 19 to 24 hold multiples of the pitch.</summary>
    private const int FirstPixel = 9, FirstPitch = 19;

    private static readonly V Constant = new(7);

    public static void Emit(Arm64Assembler a, int outputs)
    {
        int side = outputs + 2, bytes = side * side * 16;
        var chunk = new Label();
        var constants = HalfWinogradLines.Constants(Constant);
        SaveGeneral(a);
        foreach (var (register, name) in new[]
        {
            (Arena, nameof(HalfWinogradInputArgs.Arena)), (Offsets, nameof(HalfWinogradInputArgs.Offsets)), (To, nameof(HalfWinogradInputArgs.To)),
            (Next, nameof(HalfWinogradInputArgs.Next)), (Pitch, nameof(HalfWinogradInputArgs.ProductPitch)),
            (Vectors, nameof(HalfWinogradInputArgs.Vectors)), (Buffer, nameof(HalfWinogradInputArgs.Buffer)),
        })
        {
            a.Ldr(register, Args.At(Field<HalfWinogradInputArgs>(name)));
        }

        constants.Load(a, Line);
        a.Mov(new X(FirstPitch), Pitch);
        for (int i = 1; i < side; i++)
            a.Add(new X(FirstPitch + i), new X(FirstPitch + i - 1), Pitch);

        a.Mark(chunk);
        a.Mov(Chunk, HalfWinogradInputArgs.Chunk);
        a.Cmp(Vectors, Chunk);
        a.Csel(Chunk, Vectors, Chunk, Condition.Below);
        for (int column = 0; column < side; column++)
            Column(a, outputs, column, bytes, constants);
        Rows(a, outputs, bytes, constants);
        a.Add(Arena, Arena, Chunk, 4);
        a.Subs(Vectors, Vectors, Chunk);
        a.B(Condition.NotEqual, chunk);
        RestoreGeneral(a);
        a.Ret();
        constants.Append(a);
    }

    private static void Column(Arm64Assembler a, int outputs, int column, int bytes, HalfConstants constants)
    {
        int side = outputs + 2;
        var loop = new Label();
        for (int y = 0; y < side; y++)
        {
            var pixel = new X(FirstPixel + y);
            a.Ldr(pixel.W, Offsets.At((y * side + column) * sizeof(uint)));
            a.Add(pixel, Arena, pixel.W);
        }

        a.Add(Line, Buffer, column * side * 16);
        a.Mov(Left, Chunk);
        a.Mark(loop);
        for (int y = 0; y < side; y++)
            a.Ldr(new V(y).Q, new X(FirstPixel + y).Then(16));
        var results = HalfWinogradLines.Input(a, outputs, constants);
        for (int y = 0; y < side; y += 2)
            a.Stp(results[y].Q, results[y + 1].Q, Line.At(y * 16));
        a.Add(Line, Line, bytes);
        a.Subs(Left, Left, 1);
        a.B(Condition.NotEqual, loop);
    }

    private static void Rows(Arm64Assembler a, int outputs, int bytes, HalfConstants constants)
    {
        int side = outputs + 2;
        var loop = new Label();
        a.Mov(Line, Buffer);
        a.Mov(Left, Chunk);
        a.Mark(loop);
        a.Mov(Row, To);
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
                a.Ldr(new V(x).Q, Line.At((x * side + y) * 16));
            var results = HalfWinogradLines.Input(a, outputs, constants);
            a.Str(results[0].Q, Row.At(0));
            for (int x = 1; x < side; x++)
                a.Str(results[x].Q, Row.Plus(new X(FirstPitch + x - 1)));
            if (y + 1 < side) a.Add(Row, Row, new X(FirstPitch + side - 1));
        }

        a.Add(To, To, Next);
        a.Add(Line, Line, bytes);
        a.Subs(Left, Left, 1);
        a.B(Condition.NotEqual, loop);
    }

    private static void SaveGeneral(Arm64Assembler a)
    {
        a.Stp(new X(19), new X(20), X.Sp.Before(-48));
        a.Stp(new X(21), new X(22), X.Sp.At(16));
        a.Stp(new X(23), new X(24), X.Sp.At(32));
    }

    private static void RestoreGeneral(Arm64Assembler a)
    {
        a.Ldp(new X(21), new X(22), X.Sp.At(16));
        a.Ldp(new X(23), new X(24), X.Sp.At(32));
        a.Ldp(new X(19), new X(20), X.Sp.Then(48));
    }
}
