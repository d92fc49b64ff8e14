using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Reductions;

/// <summary>
/// One number for each group of elements that differ only in the axes named; in all axes when none are named. Axes are an attribute, or since a later
/// operator set an input, which may be computed where the file declares the shape of the output.
/// </summary>
/// <param name="axesAreInputSince">First operator set whose axes are an input.</param>
internal abstract class Reduction(int axesAreInputSince = 18) : Operator
{
    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Ints("axes"), Int("keepdims")),
        new(axesAreInputSince, 1, 2, Int("keepdims"), Int("noop_with_empty_axes")),
    ];

    /// <summary>Whether each axis goes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="rank">Of its input.</param>
    /// <param name="axes">From its second input, or null when it has none.</param>
    /// <exception cref="EdgeException">Exit 3: an axis that the input does not have.</exception>
    public static bool[] Reduced(Node node, int rank, long[]? axes)
    {
        if (rank > ReducedGroups.MaxRank) throw OperatorRules.Bad(node, $"rank {rank} is not supported; at most {ReducedGroups.MaxRank} is");
        axes ??= node.Attributes.Ints("axes");
        var reduced = new bool[rank];
        if (axes is null or []) Array.Fill(reduced, node.Attributes.Int("noop_with_empty_axes", 0) == 0);
        else foreach (long axis in axes) reduced[OperatorRules.Axis(node, axis, rank)] = true;
        return reduced;
    }

    public sealed override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) => Infer(node, inputs, []);

    public sealed override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        var x = inputs.Required(node, 0);
        if (!Takes(x.Type)) throw OperatorRules.Bad(node, $"input 0 is {x.Type}, which is not supported there");
        long[]? axes = null;
        if (inputs.Optional(1) is { } given)
        {
            if (given.Type != ElementType.Int64) throw OperatorRules.Bad(node, $"its axes are {given.Type}; Int64 is expected");
            axes = given.Constant?.ToInt64s() ?? (given.Shape.ElementCount == 0 ? [] : null);
            if (axes is null)
            {
                _ = Reduced(node, x.Shape.Rank, []);
                return declared is [{ } output, ..] ? [new(x.Type, output.Shape)]
                    : throw OperatorRules.Bad(node, "its axes must be a constant, or the file must declare the shape of the output");
            }
        }

        var reduced = Reduced(node, x.Shape.Rank, axes);
        bool keeps = node.Attributes.Int("keepdims", 1) != 0;
        var shape = new List<int>();
        for (int d = 0; d < reduced.Length; d++)
            if (!reduced[d] || keeps) shape.Add(reduced[d] ? 1 : x.Shape[d]);
        return [new(x.Type, OperatorRules.ShapeOf(node, [.. shape]))];
    }

    public sealed override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        Span<bool> reduced = stackalloc bool[ReducedGroups.MaxRank];
        reduced = reduced[..x.Shape.Rank];
        Mark(node, reduced, inputs.Length > 1 ? inputs[1] : default);
        CheckShape(node, x.Shape, reduced, y.Shape);
        var groups = new ReducedGroups(x.Shape, reduced, stackalloc (int, int)[ReducedGroups.Scratch]);
        for (int i = 0; i < groups.Count; i++)
        {
            var group = new ReducedGroup(x, groups, i);
            if (!x.Type.IsFloat() && ReduceIntegers(group) is { } integer) y.Set(i, integer);
            else y.Set(i, Reduce(group));
        }
    }

    /// <summary>Whether ONNX defines it for a type.</summary>
    protected virtual bool Takes(ElementType type) =>
        type.IsFloat() || type is ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64;

    /// <summary>Reduces floats in double precision.</summary>
    protected abstract double Reduce(in ReducedGroup x);

    /// <summary>Reduces integers, where the result is one; null where it is that of <see cref="Reduce"/> without its fraction.</summary>
    protected virtual long? ReduceIntegers(in ReducedGroup x) => null;

    private static void Mark(Node node, Span<bool> reduced, in TensorView axes)
    {
        reduced.Clear();
        ReadOnlySpan<long> listed = node.Attributes.Ints("axes");
        int count = axes.IsPresent ? axes.Shape.ElementCount : listed.Length;
        if (count == 0) reduced.Fill(node.Attributes.Int("noop_with_empty_axes", 0) == 0);
        for (int i = 0; i < count; i++) reduced[OperatorRules.Axis(node, axes.IsPresent ? axes.Integer(i) : listed[i], reduced.Length)] = true;
    }

    // Axes that were computed may ask for another shape than the file has declared.
    private static void CheckShape(Node node, Shape x, ReadOnlySpan<bool> reduced, Shape y)
    {
        bool keeps = node.Attributes.Int("keepdims", 1) != 0;
        int at = 0;
        for (int d = 0; d < x.Rank; d++)
        {
            if (reduced[d] && !keeps) continue;
            if (at >= y.Rank || y[at++] != (reduced[d] ? 1 : x[d])) throw Other(node, y);
        }

        if (at != y.Rank) throw Other(node, y);
    }

    private static EdgeException Other(Node node, Shape y) => OperatorRules.Bad(node, $"its axes do not give the shape {y} that the file declares");
}
