using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// A constant of one repeated value, of a shape known when the model is loaded: how exporters write the paddings of axes that are not padded.
/// </summary>
internal sealed class ConstantOfShape : Operator
{
    public override string OpType => OpTypes.ConstantOfShape;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Setting] };

    private const int MaxRank = 8;

    private static readonly Tensor Zero = Tensor.Vector<float>(0);

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1, AttributeRule.Value("value"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        long[] shape = inputs.ConstantInts(node, 0);
        if (shape.Length > MaxRank || shape.Any(static d => d is < 0 or > Shape.MaxElements))
            throw OperatorRules.Bad(node, $"a shape of {string.Join('x', shape)}");
        return [new(Value(node).Type, OperatorRules.ShapeOf(node, [.. shape.Select(static d => (int)d)]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var value = Value(node).Bytes.Span;
        var to = outputs[0].Bytes;
        for (int at = 0; at < to.Length; at += value.Length) value.CopyTo(to[at..]);
    }

    private static Tensor Value(Node node) => node.Attributes.Constant("value") switch
    {
        null => Zero,
        { Shape.ElementCount: 1 } value => value,
        var value => throw OperatorRules.Bad(node, $"its value has shape {value.Shape}; one element is expected"),
    };
}
