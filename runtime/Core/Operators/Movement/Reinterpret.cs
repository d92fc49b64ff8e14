using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>An operator that keeps every element and its order, and at most changes the shape.</summary>
internal abstract class Reinterpret : Operator
{
    /// <summary>Of every such operator.</summary>
    protected static readonly OperatorTraits ViewTraits = new() { Elements = ElementFlow.Kept, Inputs = [InputRole.Data, InputRole.Setting] };

    public override OperatorTraits Traits => ViewTraits;

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        return [new(x.Type, NewShape(node, x.Shape, inputs))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs) =>
        inputs[0].Bytes.CopyTo(outputs[0].Bytes);

    /// <summary>The output's shape; same element count as the input's.</summary>
    protected abstract Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs);

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;
}
