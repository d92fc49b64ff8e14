using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Mean over axes; all of them when none are given. The axes are an attribute (up to opset 17) or a constant input.</summary>
internal sealed class ReduceMean : Operator
{
    public override string OpType => OpTypes.ReduceMean;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    private const int MaxRank = 8;

    /// <summary>Whether each axis goes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="rank">Of its input.</param>
    /// <param name="axes">From its second input, or null when it has none.</param>
    /// <exception cref="EdgeException">Exit 3: an axis that the input does not have.</exception>
    public static bool[] Reduced(Node node, int rank, long[]? axes)
    {
        if (rank > MaxRank) throw OperatorRules.Bad(node, $"rank {rank} exceeds {MaxRank}");
        axes ??= node.Attributes.Ints("axes");
        var reduced = new bool[rank];
        if (axes is null or []) Array.Fill(reduced, node.Attributes.Int("noop_with_empty_axes", 0) == 0);
        else foreach (long axis in axes) reduced[OperatorRules.Axis(node, axis, rank)] = true;
        return reduced;
    }

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Ints("axes"), Int("keepdims")),
        new(18, 1, 2, Int("keepdims"), Int("noop_with_empty_axes")),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Float(node, 0).Shape;
        var reduced = Reduced(node, x.Rank, inputs.Optional(1) is null ? null : inputs.ConstantInts(node, 1));
        bool keeps = node.Attributes.Int("keepdims", 1) != 0;
        var shape = new List<int>();
        for (int d = 0; d < x.Rank; d++)
        {
            if (reduced[d] && x[d] == 0) throw OperatorRules.Bad(node, "its input is empty");
            if (!reduced[d] || keeps) shape.Add(reduced[d] ? 1 : x[d]);
        }

        return [new(ElementType.Float32, OperatorRules.ShapeOf(node, [.. shape]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var shape = inputs[0].Shape;
        ReadOnlySpan<float> x = inputs[0].As<float>();
        var y = outputs[0].As<float>();
        Span<bool> reduced = stackalloc bool[MaxRank];
        Mark(node, reduced[..shape.Rank], inputs.Length > 1 ? inputs[1] : default);
        for (int i = 0; i < y.Length; i++)
        {
            int first = Offset(i, shape, reduced, alongReduced: false);
            double sum = 0;
            for (int k = 0; k < x.Length / y.Length; k++) sum += x[first + Offset(k, shape, reduced, alongReduced: true)];
            y[i] = (float)(sum * y.Length / x.Length);
        }
    }

    private static void Mark(Node node, Span<bool> reduced, in TensorView axes)
    {
        reduced.Clear();
        ReadOnlySpan<long> listed = node.Attributes.Ints("axes");
        int count = axes.IsPresent ? axes.Shape.ElementCount : listed.Length;
        if (count == 0) reduced.Fill(node.Attributes.Int("noop_with_empty_axes", 0) == 0);
        for (int i = 0; i < count; i++) reduced[OperatorRules.Axis(node, axes.IsPresent ? axes.Integer(i) : listed[i], reduced.Length)] = true;
    }

    /// <summary>Where element number <paramref name="index"/> lies when only the reduced axes are counted, or only the others.</summary>
    private static int Offset(int index, Shape shape, ReadOnlySpan<bool> reduced, bool alongReduced)
    {
        int offset = 0, stride = 1;
        for (int d = shape.Rank - 1; d >= 0; stride *= shape[d--])
        {
            if (reduced[d] != alongReduced) continue;
            offset += index % shape[d] * stride;
            index /= shape[d];
        }

        return offset;
    }
}
