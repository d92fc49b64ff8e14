using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Resampling;

/// <summary>
/// Samples each channel of a picture, or of a value of any number of dimensions, where a grid says: coordinates of -1 to 1, the innermost axis first.
/// </summary>
internal sealed class GridSample : Operator
{
    public override string OpType => OpTypes.GridSample;

    private static readonly AttributeRule Padding = Text("padding_mode").Only("zeros", "border", "reflection");

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(16, 2, 2, Int("align_corners"), Text("mode").Only("bilinear", "nearest", "bicubic"), Padding),
        new(20, 2, 2, Int("align_corners"), Text("mode").Only("linear", "nearest", "cubic"), Padding) { IsKept = true },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), grid = inputs.Required(node, 1);
        int rank = x.Shape.Rank;
        bool fits = rank is >= 3 and <= ShapedByValues.MaxRank && grid.Shape.Rank == rank
            && grid.Shape[0] == x.Shape[0] && grid.Shape[^1] == rank - 2;
        if (!fits) throw OperatorRules.Bad(node, $"a grid of shape {grid.Shape} for an input of shape {x.Shape}");
        if (!grid.Type.IsFloat() || (!x.Type.IsFloat() && !x.Type.IsInteger()))
            throw OperatorRules.Bad(node, $"a grid of {grid.Type} for an input of {x.Type} is not supported");
        if (x.Shape.Dimensions[2..].Contains(0)) throw OperatorRules.Bad(node, $"an empty input of shape {x.Shape}");
        return [new(x.Type, OperatorRules.ShapeOf(node, [.. x.Shape.Dimensions[..2], .. grid.Shape.Dimensions[1..^1]]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, grid, y) = (inputs[0], inputs[1], outputs[0]);
        int axes = x.Shape.Rank - 2, batch = x.Shape[0], channels = x.Shape[1];
        int places = RowMajor.Product(y.Shape, 2, y.Shape.Rank);
        var rule = new GridRule(node);
        Span<double> at = stackalloc double[ShapedByValues.MaxRank];
        for (int n = 0; n < batch; n++)
            for (int p = 0; p < places; p++)
            {
                for (int d = 0; d < axes; d++) at[d] = rule.Place(grid.Number((n * places + p) * axes + axes - 1 - d), x.Shape[d + 2]);
                for (int c = 0; c < channels; c++)
                    y.Set((n * channels + c) * places + p, Interpolate(rule, at[..axes], x, 2, n * channels + c));
            }
    }

    private static double Interpolate(GridRule rule, ReadOnlySpan<double> at, TensorView x, int axis, int @base)
    {
        if (at.Length == 0) return x.Number(@base);
        int size = x.Shape[axis];
        var (first, count) = rule.Taps(at[0]);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            double weight = rule.Weight(at[0], first + i);
            int tap = rule.Inside(first + i, size);
            if (weight != 0 && tap >= 0) sum += weight * Interpolate(rule, at[1..], x, axis + 1, @base * size + tap);
        }

        return sum;
    }
}
