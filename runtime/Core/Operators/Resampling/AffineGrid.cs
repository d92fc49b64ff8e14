using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Resampling;

/// <summary>
/// The grid of a GridSample that an affine map of the coordinates gives: theta · (x, y, 1), or (x, y, z, 1), for every place of a picture.
/// </summary>
internal sealed class AffineGrid : ShapedByValues
{
    public override string OpType => "AffineGrid";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(20, 2, 2, Int("align_corners"))];

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType theta = inputs.Required(node, 0), size = inputs.Required(node, 1);
        int axes = size.Shape.ElementCount - 2;
        if (axes is not (2 or 3) || theta.Shape.Rank != 3 || theta.Shape[1] != axes || theta.Shape[2] != axes + 1)
            throw OperatorRules.Bad(node, $"maps of shape {theta.Shape} for a size of {size.Shape.ElementCount} numbers");
        return theta.Type.IsFloat() ? theta.Type : throw OperatorRules.Bad(node, $"maps of {theta.Type} are not supported");
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var (theta, size) = (inputs[0].Shape, inputs[1]);
        int axes = theta[1];
        if (size.Integer(0) != theta[0]) throw OperatorRules.Bad(node, $"{theta[0]} maps for a batch of {size.Integer(0)}");
        shape[0] = theta[0];
        for (int d = 0; d < axes; d++) shape[d + 1] = size.Integer(d + 2);
        shape[axes + 1] = axes;
        return axes + 2;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (theta, y) = (inputs[0], outputs[0]);
        int axes = theta.Shape[1], places = RowMajor.Product(y.Shape, 1, axes + 1);
        bool alignsCorners = node.Attributes.Int("align_corners", 0) != 0;
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            int row = i % axes, place = i / axes % places, map = i / axes / places, first = (map * axes + row) * (axes + 1);
            double sum = theta.Number(first + axes);
            for (int d = axes - 1; d >= 0; place /= y.Shape[d-- + 1])
                sum += theta.Number(first + axes - 1 - d) * Coordinate(place % y.Shape[d + 1], y.Shape[d + 1], alignsCorners);
            y.Set(i, sum);
        }
    }

    // A single place is in the middle.
    private static double Coordinate(int at, int size, bool alignsCorners) =>
        !alignsCorners ? (2 * at + 1) / (double)size - 1
        : size == 1 ? 0
        : 2.0 * at / (size - 1) - 1;
}
