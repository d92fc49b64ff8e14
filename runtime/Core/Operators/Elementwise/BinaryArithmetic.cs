using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>A function of two numbers, element by element, with numpy's broadcasting; float32 or int64.</summary>
internal abstract class BinaryArithmetic : Operator
{
    /// <summary>Of every such operator: constants beside an activation are trained, and axes are aligned.</summary>
    protected static readonly OperatorTraits ArithmeticTraits = new() { Inputs = [InputRole.Operand], Axes = AxisUse.Aligned };

    private const int MaxRank = 8;

    public override OperatorTraits Traits => ArithmeticTraits;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(7, 2, 2)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType a = inputs.Required(node, 0), b = inputs.Required(node, 1);
        if (a.Type != b.Type || a.Type is not (ElementType.Float32 or ElementType.Int64))
            throw OperatorRules.Bad(node, $"inputs of type {a.Type} and {b.Type}; two of Float32 or two of Int64 are supported");
        int rank = Math.Max(a.Shape.Rank, b.Shape.Rank);
        if (rank > MaxRank) throw OperatorRules.Bad(node, $"rank {rank} exceeds {MaxRank}");
        var shape = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int p = Dimension(a.Shape, i - rank), q = Dimension(b.Shape, i - rank);
            if (p != q && p != 1 && q != 1) throw OperatorRules.Bad(node, $"shapes {a.Shape} and {b.Shape} cannot be broadcast");
            shape[i] = p == 1 ? q : p;
        }

        return [new(a.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        if (outputs[0].Type == ElementType.Float32)
        {
            ReadOnlySpan<float> a = inputs[0].As<float>(), b = inputs[1].As<float>();
            var y = outputs[0].As<float>();
            for (int i = 0; i < y.Length; i++)
            {
                var (p, q) = Offsets(i, inputs[0].Shape, inputs[1].Shape, outputs[0].Shape);
                y[i] = Apply(a[p], b[q]);
            }
        }
        else
        {
            ReadOnlySpan<long> a = inputs[0].As<long>(), b = inputs[1].As<long>();
            var y = outputs[0].As<long>();
            for (int i = 0; i < y.Length; i++)
            {
                var (p, q) = Offsets(i, inputs[0].Shape, inputs[1].Shape, outputs[0].Shape);
                y[i] = Apply(node, a[p], b[q]);
            }
        }
    }

    protected abstract float Apply(float a, float b);

    protected abstract long Apply(Node node, long a, long b);

    private static int Dimension(Shape shape, int fromEnd) => shape.Rank + fromEnd >= 0 ? shape[shape.Rank + fromEnd] : 1;

    private static (int A, int B) Offsets(int index, Shape a, Shape b, Shape y)
    {
        if (a.Equals(y) && b.Equals(y)) return (index, index);
        int p = 0, q = 0, strideA = 1, strideB = 1;
        for (int i = 1; i <= y.Rank; i++)
        {
            int dimension = y[y.Rank - i], at = index % dimension, da = Dimension(a, -i), db = Dimension(b, -i);
            index /= dimension;
            if (da != 1) p += at * strideA;
            if (db != 1) q += at * strideB;
            strideA *= da;
            strideB *= db;
        }

        return (p, q);
    }
}
