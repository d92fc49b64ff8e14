using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>
/// A product of four rows × sixteen columns: sixteen sums, four inputs and the weights of two steps in turns. Loads of four registers that move their
/// pointer are what the intrinsics lack: 64 multiplications take 69.5 instructions instead of 76.
/// </summary>
internal sealed class ProductEmitter(Arm64Assembler a, ProductKind kind)
{
    private const int Rows = ProductArgs.Rows, Vectors = ProductArgs.Columns / 4, Load = 64, FirstSum = 16, FirstWeight = 4;

    /// <summary>Inputs of blocks in turns.</summary>
    private static readonly int[] Inputs = [0, 12];

    private readonly X _inputs = new(1), _weights = new(2), _output = new(3), _start = new(4), _residual = new(5), _pitch = new(6);
    private readonly X _outputStride = new(7), _residualStride = new(8), _x = new(9), _w = new(10), _left = new(11), _steps = new(12);
    private readonly X _groups = new(13), _low = new(14), _high = new(15), _next = new(16), _count = new(17);

    private bool IsFinished => kind == ProductKind.Fp32Finished;

    /// <summary>Steps of a block of inputs, and of one load of weights.</summary>
    private int BlockSteps => kind == ProductKind.Int16 ? 8 : 4;

    private int LoadSteps => kind == ProductKind.Int16 ? 2 : 1;

    /// <summary>Blocks of a turn of the loop.</summary>
    private int Unroll => kind == ProductKind.Int16 ? 2 : 4;

    public static void Emit(Arm64Assembler a, ProductKind kind) => new ProductEmitter(a, kind).Emit();

    private void Emit()
    {
        SavedVectors.Save(a);
        a.Ldr(_count, Field(nameof(ProductArgs.Count)));
        foreach (var (register, field) in new[]
        {
            (_inputs, nameof(ProductArgs.Inputs)), (_weights, nameof(ProductArgs.Weights)), (_output, nameof(ProductArgs.Output)),
            (_start, nameof(ProductArgs.Start)), (_residual, nameof(ProductArgs.Residual)), (_pitch, nameof(ProductArgs.GroupPitch)),
            (_outputStride, nameof(ProductArgs.OutputStride)), (_residualStride, nameof(ProductArgs.ResidualStride)),
            (_steps, nameof(ProductArgs.Steps)),
        })
            a.Ldr(register, Field(field));
        if (IsFinished)
        {
            a.Ldr(_low.W, Field(nameof(ProductArgs.Low)));
            a.Ldr(_high.W, Field(nameof(ProductArgs.High)));
        }

        Label product = new(), group = new();
        a.Mark(product);
        a.Ldr(_groups, Field(nameof(ProductArgs.Groups)));
        Next(_inputs, nameof(ProductArgs.Inputs), nameof(ProductArgs.NextInputs));
        Next(_output, nameof(ProductArgs.Output), nameof(ProductArgs.NextOutput));
        a.Mark(group);
        Start();
        Sum();
        Finish();
        a.Add(_inputs, _inputs, _pitch);
        a.Subs(_groups, _groups, 1);
        a.B(Condition.NotEqual, group);
        a.Ldr(_x, Field(nameof(ProductArgs.NextWeights)));
        a.Add(_weights, _weights, _x);
        a.Subs(_count, _count, 1);
        a.B(Condition.NotEqual, product);

        SavedVectors.Restore(a);
        a.Ret();
    }

    /// <summary>A pointer of this product; the arguments get that of the next one.</summary>
    private void Next(X register, string field, string distance)
    {
        a.Ldr(register, Field(field));
        a.Ldr(_x, Field(distance));
        a.Add(_x, register, _x);
        a.Str(_x, Field(field));
    }

    private void Start()
    {
        a.Mov(_x, _inputs);
        a.Mov(_w, _weights);
        for (int row = 0; row < Rows; row++)
            a.Ld1(Sum(row, 0).S4, Vectors, _start.At(0));
        if (!IsFinished)
            return;
        Label none = new();
        a.Cbz(_residual, none);
        for (int row = 0; row < Rows; row++)
        {
            a.Ld1(new V(FirstWeight).S4, Vectors, _residual.Then(_residualStride));
            for (int v = 0; v < Vectors; v++)
                a.Fadd(Sum(row, v).S4, Sum(row, v).S4, new V(FirstWeight + v).S4);
        }

        a.Mark(none);
    }

    private void Sum()
    {
        Label loop = new(), rest = new(), block = new(), single = new(), finish = new();
        int turn = Unroll * BlockSteps;
        a.Subs(_left, _steps, turn);
        a.B(Condition.Below, rest);
        a.Mark(loop);
        Blocks(Unroll);
        a.Subs(_left, _left, turn);
        a.B(Condition.AtLeast, loop);
        a.Mark(rest);
        a.Add(_left, _left, turn);
        a.Mark(block);
        a.Subs(_next, _left, BlockSteps);
        a.B(Condition.Below, single);
        Blocks(1);
        a.Mov(_left, _next);
        a.B(block);
        a.Mark(single);
        // Elements behind the last step are anything, a NaN for example.
        a.Cbz(_left, finish);
        a.Ld1(new V(Inputs[0]).S4, Rows, _x.At(0));
        for (int step = 0; step < BlockSteps - 1; step++)
        {
            LoadWeights(0);
            Steps(Inputs[0], step, 0);
            a.Subs(_left, _left, LoadSteps);
            a.B(Condition.AtMost, finish);
        }

        a.Mark(finish);
    }

    /// <summary>Whole blocks. Weights and inputs are loaded a load of weights early: an in-order processor does not wait.</summary>
    private void Blocks(int blocks)
    {
        int loads = blocks * BlockSteps / LoadSteps, each = BlockSteps / LoadSteps;
        LoadInputs(0);
        LoadWeights(0);
        for (int load = 0; load < loads; load++)
        {
            if (load + 1 < loads)
            {
                if ((load + 1) % each == 0) LoadInputs((load + 1) / each);
                LoadWeights(load + 1);
            }

            Steps(Inputs[load / each % 2], load % each * LoadSteps, load);
        }
    }

    private void LoadInputs(int block) => a.Ld1(new V(Inputs[block % 2]).S4, Rows, _x.Then(Load));

    private void LoadWeights(int load) => a.Ld1(new V(Weights(load)).S4, Vectors, _w.Then(Load));

    /// <summary>First register of a load's weights.</summary>
    private static int Weights(int load) => FirstWeight + load % 2 * Vectors;

    /// <summary>The steps of a load of weights.</summary>
    private void Steps(int inputs, int element, int load)
    {
        for (int step = 0; step < LoadSteps; step++)
        {
            for (int row = 0; row < Rows; row++)
            {
                // A register holds steps of a row, or of columns the rows of a step.
                var (register, lane) = kind == ProductKind.Fp32Columns ? (element + step, row) : (row, element + step);
                for (int v = 0; v < Vectors; v++)
                    Multiply(Sum(row, v), new V(inputs + register), lane, Weights(load), step, v);
            }
        }
    }

    private void Multiply(V sum, V input, int element, int weights, int step, int v)
    {
        if (kind == ProductKind.Int8Dot)
        {
            a.Sdot(sum.S4, new V(weights + v).B16, input.S4[element]);
        }
        else if (kind == ProductKind.Int16)
        {
            // Two registers hold the weights of a step.
            var from = new V(weights + step * 2 + v / 2);
            if (v % 2 == 0)
                a.Smlal(sum.S4, from.H4, input.H8[element]);
            else
                a.Smlal2(sum.S4, from.H8, input.H8[element]);
        }
        else
        {
            a.Fmla(sum.S4, new V(weights + v).S4, input.S4[element]);
        }
    }

    private void Finish()
    {
        V low = new(Inputs[0]), high = new(Inputs[0] + 1);
        if (IsFinished)
        {
            a.Dup(low.S4, _low.W);
            a.Dup(high.S4, _high.W);
            for (int i = 0; i < Rows * Vectors; i++)
                a.Fmax(new V(FirstSum + i).S4, new V(FirstSum + i).S4, low.S4);
            for (int i = 0; i < Rows * Vectors; i++)
                a.Fmin(new V(FirstSum + i).S4, new V(FirstSum + i).S4, high.S4);
        }

        for (int row = 0; row < Rows; row++)
            a.St1(Sum(row, 0).S4, Vectors, _output.Then(_outputStride));
    }

    private static V Sum(int row, int vector) => new(FirstSum + row * Vectors + vector);

    private static Address Field(string name) => new X(0).At((int)Marshal.OffsetOf<ProductArgs>(name));
}
