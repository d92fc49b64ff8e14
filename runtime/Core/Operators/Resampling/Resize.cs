using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Resampling;

/// <summary>Resizes a value along any of its axes, by scales or to sizes: nearest, linear or cubic, axis by axis.</summary>
internal sealed class Resize : ShapedByValues
{
    public override string OpType => OpTypes.Resize;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    private static readonly string[] OldCoordinates =
        ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"];

    private static readonly string[] Coordinates =
        ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize"];

    private static readonly AttributeRule[] Sampling =
    [
        Float("cubic_coeff_a"), Int("exclude_outside"), Float("extrapolation_value"), Text("mode").Only("nearest", "linear", "cubic"),
        Text("nearest_mode").Only("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
    ];

    private static readonly AttributeRule[] Axes =
    [
        Int("antialias"), Ints("axes"), Text("keep_aspect_ratio_policy").Only("stretch", "not_larger", "not_smaller"),
    ];

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(10, 2, 2, Text("mode").Only("nearest", "linear")),
        new(11, 3, 4, [.. Sampling, Text("coordinate_transformation_mode").Only(OldCoordinates)]) { MayMiss = [1, 2] },
        new(13, 1, 4, [.. Sampling, Text("coordinate_transformation_mode").Only(OldCoordinates)]),
        new(18, 1, 4, [.. Sampling, .. Axes, Text("coordinate_transformation_mode").Only([.. OldCoordinates, "half_pixel_symmetric"])])
        {
            IsKept = true,
        },
        new(19, 1, 4, [.. Sampling, .. Axes, Text("coordinate_transformation_mode").Only(Coordinates)]) { IsKept = true },
    ];

    /// <summary>Nearest elements keep their scale.</summary>
    public override QuantizationRule Quantization(Node node, Graph graph) =>
        new ResizeRule(node) is { IsNearest: true, UsesRegion: false } && node.Inputs.Skip(1).All(i => i.Length == 0 || graph.Constant(i) is not null)
            ? QuantizationRule.PassesScale : QuantizationRule.StaysFloat;

    protected override bool MayGiveShape(int input, ElementType type) =>
        input == 3 ? type == ElementType.Int64 : type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        bool hasScales = inputs.Optional(2) is { Shape.ElementCount: > 0 }, hasSizes = inputs.Optional(3) is { Shape.ElementCount: > 0 };
        if (hasScales == hasSizes) throw OperatorRules.Bad(node, "either scales or sizes must be given");
        int axes = node.Attributes.Ints("axes")?.Length ?? x.Shape.Rank, given = inputs[hasScales ? 2 : 3]!.Shape.ElementCount;
        if (given != axes) throw OperatorRules.Bad(node, $"{given} {(hasScales ? "scales" : "sizes")} for {axes} axes");
        foreach (long axis in node.Attributes.Ints("axes") ?? []) OperatorRules.Axis(node, axis, x.Shape.Rank);
        if (new ResizeRule(node).UsesRegion && inputs.Optional(1)?.Shape.ElementCount != 2 * axes)
            throw OperatorRules.Bad(node, $"tf_crop_and_resize needs a region of {2 * axes} numbers");
        if (x.Type == ElementType.Bool && !new ResizeRule(node).IsNearest)
            throw OperatorRules.Bad(node, "interpolation of Bool is not supported");
        return x.Type;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var x = inputs[0].Shape;
        for (int d = 0; d < x.Rank; d++)
        {
            double scale = ScaleOf(node, inputs, d, out int given);
            if (given < 0) shape[d] = x[d];
            else if (HasSizes(inputs)) shape[d] = KeepsAspect(node) ? (long)Math.Floor(scale * x[d] + 0.5) : inputs[3].Integer(given);
            else
            {
                if (!(scale > 0 && scale * x[d] <= Shape.MaxElements)) throw OperatorRules.Bad(node, $"a scale of {scale}");
                var (start, end) = Region(node, inputs, given);
                // In single precision, as ONNX's shape rule has it: 0.7 of 10 is 7.
                shape[d] = (long)MathF.Floor((float)(x[d] * (end - start)) * (float)scale);
            }
        }

        return x.Rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, y) = (inputs[0], outputs[0]);
        if (y.Shape.ElementCount == 0) return;
        if (x.Shape.ElementCount == 0) throw OperatorRules.Bad(node, $"an empty input of shape {x.Shape} cannot become {y.Shape}");
        Steps steps = default;
        for (int d = 0; d < x.Shape.Rank; d++) steps[d] = AxisOf(node, inputs, y.Shape, d);
        Sample(new ResizeRule(node), steps[..x.Shape.Rank], x, y);
    }

    /// <summary>How a node samples along an axis.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs; those that give the shape are read.</param>
    /// <param name="output">Shape of its output.</param>
    /// <param name="axis">The axis.</param>
    public static ResizeAxis AxisOf(Node node, ReadOnlySpan<TensorView> inputs, Shape output, int axis)
    {
        double scale = ScaleOf(node, inputs, axis, out int given);
        var (start, end) = Region(node, inputs, given);
        return new(new ResizeRule(node), inputs[0].Shape[axis], output[axis], given < 0 ? 1 : scale, start, end);
    }

    private static void Sample(ResizeRule rule, ReadOnlySpan<ResizeAxis> axes, TensorView x, TensorView y)
    {
        Span<double> places = stackalloc double[MaxRank];
        int size = x.Type.Size();
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            bool isOutside = false;
            int nearest = 0, stride = 1;
            for (int d = axes.Length - 1, rest = i; d >= 0; rest /= y.Shape[d--])
            {
                places[d] = axes[d].IsIdentity ? rest % y.Shape[d] : axes[d].Coordinate(rest % y.Shape[d]);
                isOutside |= axes[d].IsOutside(places[d]);
                nearest += axes[d].Nearest(places[d]) * stride;
                stride *= x.Shape[d];
            }

            if (isOutside) y.Set(i, (double)rule.Extrapolation);
            else if (rule.IsNearest) x.Bytes.Slice(nearest * size, size).CopyTo(y.Bytes[(i * size)..]);
            else y.Set(i, Interpolate(axes, places, x, 0));
        }
    }

    // Sum over the axes that are left; base is the number of the element in the axes before.
    private static double Interpolate(ReadOnlySpan<ResizeAxis> axes, ReadOnlySpan<double> places, TensorView x, int @base)
    {
        if (axes.Length == 0) return x.Number(@base);
        var axis = axes[0];
        double place = places[0], sum = 0;
        if (axis.IsIdentity) return Interpolate(axes[1..], places[1..], x, @base * axis.Input + (int)place);
        var (first, count) = axis.Taps(place);
        for (int tap = first; tap < first + count; tap++)
        {
            double weight = axis.Weight(place, tap);
            if (weight != 0) sum += weight * Interpolate(axes[1..], places[1..], x, @base * axis.Input + Math.Clamp(tap, 0, axis.Input - 1));
        }

        return sum / axis.WeightSum(place);
    }

    private static bool HasSizes(ReadOnlySpan<TensorView> inputs) => inputs.Length > 3 && inputs[3].IsPresent && inputs[3].Shape.ElementCount > 0;

    private static bool KeepsAspect(Node node) => node.Attributes.String("keep_aspect_ratio_policy", "stretch") != "stretch";

    // Given: which of the scales or sizes is that of the axis; -1 when none is.
    private static double ScaleOf(Node node, ReadOnlySpan<TensorView> inputs, int axis, out int given)
    {
        var x = inputs[0].Shape;
        long[]? axes = node.Attributes.Ints("axes");
        given = axes is null ? axis : -1;
        for (int i = 0; axes is not null && i < axes.Length; i++)
            if (OperatorRules.Axis(node, axes[i], x.Rank) == axis) given = i;
        if (given < 0) return 1;
        if (!HasSizes(inputs)) return inputs[2].Number(given);
        if (!KeepsAspect(node)) return (double)inputs[3].Integer(given) / x[axis];
        bool isLargest = node.Attributes.String("keep_aspect_ratio_policy", "stretch") == "not_larger";
        double scale = isLargest ? double.PositiveInfinity : 0;
        for (int i = 0; i < (axes?.Length ?? x.Rank); i++)
        {
            double own = (double)inputs[3].Integer(i) / x[axes is null ? i : OperatorRules.Axis(node, axes[i], x.Rank)];
            scale = isLargest ? Math.Min(scale, own) : Math.Max(scale, own);
        }

        return scale;
    }

    private static (double Start, double End) Region(Node node, ReadOnlySpan<TensorView> inputs, int given)
    {
        if (given < 0 || node.Attributes.String("coordinate_transformation_mode", "half_pixel") != "tf_crop_and_resize") return (0, 1);
        return (inputs[1].Number(given), inputs[1].Number(given + inputs[1].Shape.ElementCount / 2));
    }

    [InlineArray(MaxRank)]
    private struct Steps
    {
        private ResizeAxis _first;
    }
}
