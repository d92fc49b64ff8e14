using ResNetEdge.Backends.Cpu.Emit;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>
/// Emits a product in half precision with its fused epilogue: tiles of some rows × 16 channels by <c>fmla</c> with an element of a register. See
/// <see cref="HalfConvArgs"/>.
/// </summary>
/// <remarks>
/// A block of eight products is, with eight rows, 128 <c>fmla</c>, six loads and two instructions of the loop. Sums longer than a chain are continued
/// in float32 on the stack; that costs six instructions a register of sums and chain.
/// </remarks>
internal static class HalfConvEmitter
{
    private const int Rows = HalfConvArgs.Rows, Block = HalfConvArgs.Block, Vectors = 2;

    /// <summary>Registers of inputs, of weights (four of K at a time) and of sums.</summary>
    private const int FirstInput = 0, FirstWeight = 8, FirstSum = 16;

    /// <summary>Bytes of a register of sums in float32.</summary>
    private const int WideBytes = 32;

    private static readonly X Args = new(0), Inputs = new(1), Weights = new(2), FirstWeights = new(3), Bias = new(4), Output = new(5),
        Residual = new(6), OutputStride = new(7), ResidualStride = new(8), Tiles = new(9), Chains = new(10), ChainBlocks = new(11),
        LastBlocks = new(12), Left = new(13), ChainsLeft = new(14), Place = new(15);

    /// <summary>Emits the kernel for tiles of so many rows, 1 to 8.</summary>
    public static void Emit(Arm64Assembler a, int rows)
    {
        Label tile = new(), chain = new(), block = new(), last = new(), single = new(), finish = new(), plain = new();
        int frame = rows * Vectors * WideBytes;
        SavedVectors.Save(a);
        a.Sub(X.Sp, X.Sp, frame);
        Load(a);

        a.Mark(tile);
        a.Mov(Weights, FirstWeights);
        a.Ldp(Sum(0, 0).Q, Sum(0, 1).Q, Bias.At(0));
        for (int row = 1; row < rows; row++)
        {
            for (int v = 0; v < Vectors; v++)
                a.Mov(Sum(row, v), Sum(0, v));
        }

        a.Mov(ChainsLeft, Chains);
        a.Cbz(Chains, last);
        Clear(a, frame);
        a.Mark(chain);
        a.Mov(Left, ChainBlocks);
        a.Cbnz(ChainsLeft, block);
        a.Mark(last);
        a.Mov(Left, LastBlocks);
        a.Mark(block);
        Products(a, rows);
        a.Subs(Left, Left, 1);
        a.B(Condition.NotEqual, block);
        a.Cbz(ChainsLeft, finish);
        Flush(a, rows);
        a.Sub(ChainsLeft, ChainsLeft, 1);
        a.B(chain);

        a.Mark(finish);
        a.Cbz(Chains, single);
        Join(a, rows);
        a.Mark(single);
        a.Cbz(Residual, plain);
        for (int row = 0; row < rows; row++)
        {
            a.Ldp(new V(0).Q, new V(1).Q, Residual.At(0));
            a.Add(Residual, Residual, ResidualStride);
            for (int v = 0; v < Vectors; v++)
                a.Fadd(Sum(row, v).H8, Sum(row, v).H8, new V(v).H8);
        }

        a.Mark(plain);
        Store(a, rows);
        a.Subs(Tiles, Tiles, 1);
        a.B(Condition.NotEqual, tile);
        a.Add(X.Sp, X.Sp, frame);
        SavedVectors.Restore(a);
        a.Ret();
    }

    private static void Load(Arm64Assembler a)
    {
        foreach (var (register, name) in new[]
        {
            (Inputs, nameof(HalfConvArgs.Inputs)), (FirstWeights, nameof(HalfConvArgs.Weights)), (Bias, nameof(HalfConvArgs.Bias)),
            (Output, nameof(HalfConvArgs.Output)), (Residual, nameof(HalfConvArgs.Residual)), (OutputStride, nameof(HalfConvArgs.OutputStride)),
            (ResidualStride, nameof(HalfConvArgs.ResidualStride)), (Tiles, nameof(HalfConvArgs.Tiles)), (Chains, nameof(HalfConvArgs.Chains)),
            (ChainBlocks, nameof(HalfConvArgs.ChainBlocks)), (LastBlocks, nameof(HalfConvArgs.LastBlocks)),
        })
        {
            a.Ldr(register, Args.At(Field<HalfConvArgs>(name)));
        }
    }

    /// <summary>Eight products of every sum.</summary>
    private static void Products(Arm64Assembler a, int rows)
    {
        for (int row = 0; row < rows; row += 4)
        {
            int count = Math.Min(4, rows - row);
            a.Ld1(new V(FirstInput + row).H8, count, Inputs.Then(count * 16));
        }

        for (int k = 0; k < Block; k++)
        {
            // Half of the registers of weights are loaded while the other half is multiplied.
            if (k == 0) LoadWeights(a, 0);
            if (k % 2 == 0 && k + 2 < Block) LoadWeights(a, k / 2 + 1);
            for (int row = 0; row < rows; row++)
            {
                for (int v = 0; v < Vectors; v++)
                    a.Fmla(Sum(row, v).H8, new V(FirstWeight + k % 4 * Vectors + v).H8, new V(FirstInput + row).H8[k]);
            }
        }
    }

    private static void LoadWeights(Arm64Assembler a, int pair) => a.Ld1(new V(FirstWeight + pair % 2 * 4).H8, 4, Weights.Then(64));

    private static void Clear(Arm64Assembler a, int frame)
    {
        a.Movi(new V(0).B16, 0);
        for (int at = 0; at < frame; at += 32)
            a.Stp(new V(0).Q, new V(0).Q, X.Sp.At(at));
    }

    /// <summary>Adds the sums to those on the stack, and starts from zero.</summary>
    private static void Flush(Arm64Assembler a, int rows)
    {
        for (int i = 0; i < rows * Vectors; i++)
        {
            var (low, high) = Wide(a, i);
            a.Stp(low.Q, high.Q, X.Sp.At(i * WideBytes));
            a.Movi(new V(FirstSum + i).B16, 0);
        }
    }

    /// <summary>Adds those on the stack and rounds.</summary>
    private static void Join(Arm64Assembler a, int rows)
    {
        for (int i = 0; i < rows * Vectors; i++)
        {
            var (low, high) = Wide(a, i);
            a.Fcvtn(new V(FirstSum + i).H4, low.S4);
            a.Fcvtn2(new V(FirstSum + i).H8, high.S4);
        }
    }

    /// <summary>A register of sums in float32 plus what is on the stack; four registers in turns.</summary>
    private static (V Low, V High) Wide(Arm64Assembler a, int i)
    {
        int first = i % 4 * 4;
        V low = new(first), high = new(first + 1), addLow = new(first + 2), addHigh = new(first + 3);
        a.Ldp(low.Q, high.Q, X.Sp.At(i * WideBytes));
        a.Fcvtl(addLow.S4, new V(FirstSum + i).H4);
        a.Fcvtl2(addHigh.S4, new V(FirstSum + i).H8);
        a.Fadd(low.S4, low.S4, addLow.S4);
        a.Fadd(high.S4, high.S4, addHigh.S4);
        return (low, high);
    }

    /// <summary>Clamps and writes.</summary>
    private static void Store(Arm64Assembler a, int rows)
    {
        V low = new(0), high = new(1);
        a.Add(Place, Args, Field<HalfConvArgs>(nameof(HalfConvArgs.Low)));
        a.Ldp(low.Q, high.Q, Place.At(0));
        for (int row = 0; row < rows; row++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                a.Fmax(Sum(row, v).H8, Sum(row, v).H8, low.H8);
                a.Fmin(Sum(row, v).H8, Sum(row, v).H8, high.H8);
            }

            a.Stp(Sum(row, 0).Q, Sum(row, 1).Q, Output.At(0));
            a.Add(Output, Output, OutputStride);
        }
    }

    private static V Sum(int row, int vector) => new(FirstSum + row * Vectors + vector);
}
