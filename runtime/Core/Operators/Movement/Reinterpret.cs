using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>An operator that keeps every element and its order, and at most changes the shape.</summary>
internal abstract class Reinterpret : ShapedByValues
{
    /// <summary>Of every such operator.</summary>
    protected static readonly OperatorTraits ViewTraits = new() { Elements = ElementFlow.Kept, Inputs = [InputRole.Data, InputRole.Setting] };

    public override OperatorTraits Traits => ViewTraits;

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs) => inputs.Required(node, 0).Type;

    protected override bool CanBe(Node node, Shape declared, ReadOnlySpan<InputType?> inputs) =>
        declared.ElementCount == inputs[0]!.Shape.ElementCount;

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs) =>
        inputs[0].Bytes.CopyTo(outputs[0].Bytes);

    /// <summary>The dimensions of a shape.</summary>
    /// <returns>Its rank.</returns>
    protected static int SameShape(Shape from, Span<long> shape)
    {
        for (int d = 0; d < from.Rank; d++) shape[d] = from[d];
        return from.Rank;
    }
}
