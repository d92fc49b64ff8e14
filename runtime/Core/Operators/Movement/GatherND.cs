using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Slices of the data, each named by the indices of its first dimensions.</summary>
internal sealed class GatherND : Operator
{
    public override string OpType => "GatherND";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 2, 2), new(12, 2, 2, Int("batch_dims"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), indices = inputs.Required(node, 1);
        int batchDims = BatchDims(node), length = SlicePlaces.Check(node, x, indices, batchDims);
        return [new(
            x.Type, OperatorRules.ShapeOf(node, [.. indices.Shape.Dimensions[..^1], .. x.Shape.Dimensions[(batchDims + length)..]]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], indices = inputs[1];
        int batchDims = BatchDims(node), places = RowMajor.Product(indices.Shape, 0, indices.Shape.Rank - 1);
        int run = RowMajor.Product(x.Shape, batchDims + indices.Shape[^1], x.Shape.Rank) * x.Type.Size();
        for (int i = 0; i < places; i++)
            x.Bytes.Slice(SlicePlaces.Of(node, x.Shape, indices, i, batchDims) * run, run).CopyTo(outputs[0].Bytes[(i * run)..]);
    }

    private static int BatchDims(Node node) => (int)Math.Clamp(node.Attributes.Int("batch_dims", 0), -1, ShapedByValues.MaxRank);
}
