using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>
/// A product of four rows × four columns of s8 without dot products: <c>smull</c> and <c>smlal2</c> sum two products in 16 bits, which the weights
/// must allow, or four where <see cref="ProductArgs.Fours"/> says so, and <c>sadalp</c> adds neighbours to 32. Each accumulator holds four partial
/// sums of one output, joined at the end.
/// </summary>
internal sealed class PairsEmitter(Arm64Assembler a)
{
    private const int Rows = ProductArgs.Rows, Columns = 4, Load = 64, FirstSum = 16, FirstWeight = 4, FirstProduct = 12, BlockSteps = 16;

    /// <summary>Inputs of blocks in turns.</summary>
    private static readonly int[] Inputs = [0, 8];

    private readonly X _x = new(1), _weights = new(2), _output = new(3), _start = new(4), _outputStride = new(7);
    private readonly X _w = new(10), _left = new(11), _steps = new(12), _groups = new(13), _fours = new(14), _nextFours = new(15);
    private readonly X _secondHalf = new(16), _flag = new(17);

    public static void Emit(Arm64Assembler a) => new PairsEmitter(a).Emit();

    private void Emit()
    {
        SavedVectors.Save(a);
        foreach (var (register, field) in new[]
        {
            (_x, nameof(ProductArgs.Inputs)), (_weights, nameof(ProductArgs.Weights)), (_output, nameof(ProductArgs.Output)),
            (_start, nameof(ProductArgs.Start)), (_outputStride, nameof(ProductArgs.OutputStride)), (_steps, nameof(ProductArgs.Steps)),
            (_groups, nameof(ProductArgs.Groups)), (_fours, nameof(ProductArgs.Fours)),
        })
            a.Ldr(register, new X(0).At((int)Marshal.OffsetOf<ProductArgs>(field)));
        Label group = new();
        a.Mov(_secondHalf, Load + Load / 2);
        a.Mark(group);
        a.Mov(_w, _weights);
        a.Mov(_nextFours, _fours);
        for (int i = 0; i < Rows * Columns; i++)
            a.Movi(new V(FirstSum + i).B16, 0);
        Sum();
        Join();
        a.Subs(_groups, _groups, 1);
        a.B(Condition.NotEqual, group);

        SavedVectors.Restore(a);
        a.Ret();
    }

    private void Sum()
    {
        Label loop = new(), pairs = new(), rest = new(), half = new(), finish = new();
        a.Subs(_left, _steps, 2 * BlockSteps);
        a.B(Condition.Below, rest);
        a.Mark(loop);
        a.Ldr(new W(_flag.Number), _nextFours.Then(sizeof(int)));
        a.Cbz(_flag, pairs);
        TwoBlocks();
        a.Subs(_left, _left, 2 * BlockSteps);
        a.B(Condition.AtLeast, loop);
        a.B(rest);
        a.Mark(pairs);
        LoadBlock(0);
        Block(0, next: true);
        Block(1, next: false);
        a.Subs(_left, _left, 2 * BlockSteps);
        a.B(Condition.AtLeast, loop);
        a.Mark(rest);
        // At most eight products behind the whole blocks are half a block; whatever lies behind them has weights of zero.
        a.Add(_left, _left, 2 * BlockSteps);
        a.Cmp(_left, BlockSteps / 2);
        a.B(Condition.AtMost, half);
        LoadBlock(0);
        Block(0, next: false);
        a.Subs(_left, _left, BlockSteps);
        a.B(Condition.AtMost, finish);
        a.Cmp(_left, BlockSteps / 2);
        a.B(Condition.AtMost, half);
        LoadBlock(0);
        Block(0, next: false);
        a.B(finish);
        a.Mark(half);
        a.Cmp(_left, 0);
        a.B(Condition.AtMost, finish);
        LoadBlock(0);
        for (int row = 0; row < Rows; row++)
        {
            for (int c = 0; c < Columns; c++)
                a.Smull(Product(c).H8, new V(FirstWeight + c).B8, new V(Inputs[0] + row).B8);
            for (int c = 0; c < Columns; c++)
                a.Sadalp(Sum(row, c).S4, Product(c).H8);
        }

        a.Mark(finish);
    }

    private void LoadBlock(int inputs)
    {
        a.Ld1(new V(FirstWeight).B16, Columns, _w.Then(Load));
        a.Ld1(new V(Inputs[inputs]).B16, Rows, _x.Then(Load));
    }

    /// <summary>Sixteen products of each sum. Four products, then four additions: an in-order processor does not wait.</summary>
    /// <param name="inputs">Which registers hold them.</param>
    /// <param name="next">Loads the next block as soon as the registers are free.</param>
    private void Block(int inputs, bool next)
    {
        for (int row = 0; row < Rows; row++)
        {
            var x = new V(Inputs[inputs] + row);
            for (int c = 0; c < Columns; c++)
                a.Smull(Product(c).H8, new V(FirstWeight + c).B8, x.B8);
            for (int c = 0; c < Columns; c++)
                a.Smlal2(Product(c).H8, new V(FirstWeight + c).B16, x.B16);
            if (next && row == Rows - 1) LoadBlock(1 - inputs);
            for (int c = 0; c < Columns; c++)
                a.Sadalp(Sum(row, c).S4, Product(c).H8);
        }
    }

    /// <summary>Thirty-two products of each sum, four of them in 16 bits. Both blocks' weights, and their inputs for two rows at a time.</summary>
    private void TwoBlocks()
    {
        const int second = Columns, x = 2 * Columns, y = x + 2;
        a.Ld1(new V(0).B16, Columns, _w.Then(Load));
        a.Ld1(new V(second).B16, Columns, _w.Then(Load));
        for (int row = 0; row < Rows; row += 2)
        {
            a.Ldp(new V(y).Q, new V(y + 1).Q, _x.At(Load));
            a.Ld1(new V(x).B16, 2, row == 0 ? _x.Then(Load / 2) : _x.Then(_secondHalf));
            for (int i = 0; i < 2; i++)
            {
                V first = new(x + i), next = new(y + i);
                for (int c = 0; c < Columns; c++)
                    a.Smull(Product(c).H8, new V(c).B8, first.B8);
                for (int c = 0; c < Columns; c++)
                    a.Smlal2(Product(c).H8, new V(c).B16, first.B16);
                for (int c = 0; c < Columns; c++)
                    a.Smlal(Product(c).H8, new V(second + c).B8, next.B8);
                for (int c = 0; c < Columns; c++)
                    a.Smlal2(Product(c).H8, new V(second + c).B16, next.B16);
                for (int c = 0; c < Columns; c++)
                    a.Sadalp(Sum(row + i, c).S4, Product(c).H8);
            }
        }
    }

    private void Join()
    {
        V bias = new(FirstWeight), left = new(FirstProduct), right = new(FirstProduct + 1);
        a.Ld1(bias.S4, 1, _start.At(0));
        for (int row = 0; row < Rows; row++)
        {
            a.Addp(left.S4, Sum(row, 0).S4, Sum(row, 1).S4);
            a.Addp(right.S4, Sum(row, 2).S4, Sum(row, 3).S4);
            a.Addp(left.S4, left.S4, right.S4);
            a.Add(left.S4, left.S4, bias.S4);
            a.St1(left.S4, 1, _output.Then(_outputStride));
        }
    }

    private static V Product(int column) => new(FirstProduct + column);

    private static V Sum(int row, int column) => new(FirstSum + row * Columns + column);
}
