using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>At inference the input, unchanged; the mask is not computed.</summary>
internal sealed class Dropout : Reinterpret
{
    public override string OpType => OpTypes.Dropout;

    public override OperatorTraits Traits { get; } = ViewTraits with { Axes = AxisUse.None, PassesPositiveFactor = true };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(7, 1, 1, Float("ratio")) { UnreadOutputs = 1 },
        new(12, 1, 3, Int("seed")) { UnreadOutputs = 1 },
    ];

    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs)
    {
        if (inputs.Optional(2) is { Type: not ElementType.Bool } other)
            throw OperatorRules.Bad(node, $"its training mode is {other.Type}; Bool is expected");
        bool training = inputs.Optional(2) is { } mode && (mode.Constant is null || mode.Constant.ToInt64s().Contains(1));
        return training ? throw OperatorRules.Bad(node, "training mode is not supported") : x;
    }

    public override bool IsIdentity(Node node) => node.Outputs.Count == 1 || node.Outputs[1].Length == 0;
}
