using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>One value repeated in a given shape: how exporters write the paddings of axes that are not padded.</summary>
internal sealed class ConstantOfShape : ShapedByValues
{
    public override string OpType => OpTypes.ConstantOfShape;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Setting] };

    private static readonly Tensor Zero = Tensor.Vector<float>(0);

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1, AttributeRule.Value("value"))];

    protected override bool GivesShape(int input) => true;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        inputs.Required(node, 0);
        return Value(node).Type;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        int rank = inputs[0].Shape.ElementCount;
        if (rank > MaxRank) throw OperatorRules.Bad(node, $"a shape of {rank} dimensions; more than {MaxRank} is not supported");
        for (int d = 0; d < rank; d++) shape[d] = inputs[0].Integer(d);
        return rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
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
