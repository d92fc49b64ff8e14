using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>At inference the input, unchanged, and a mask that is true everywhere.</summary>
internal sealed class Dropout : Reinterpret
{
    public override string OpType => OpTypes.Dropout;

    public override OperatorTraits Traits { get; } = ViewTraits with { Axes = AxisUse.None, PassesPositiveFactor = true };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, ConsumedInputs, Int("is_test"), Float("ratio")) { Outputs = 2 },
        new(6, 1, 1, Int("is_test"), Float("ratio")) { Outputs = 2 },
        new(7, 1, 1, Float("ratio")) { Outputs = 2 },
        new(12, 1, 3, Int("seed")) { Outputs = 2 },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        var y = base.Infer(node, inputs, declared)[0];
        if (inputs.Optional(2) is { Type: not ElementType.Bool } other)
            throw OperatorRules.Bad(node, $"its training mode is {other.Type}; Bool is expected");
        if (inputs.Optional(2)?.Constant is { } mode && mode.ToInt64s().Contains(1) && !IsZero(inputs.Optional(1)))
            throw OperatorRules.Bad(node, "training mode is not supported");
        return [y, new(ElementType.Bool, y.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        bool isTrained = inputs.Length > 2 && inputs[2].IsPresent && inputs[2].Shape.ElementCount > 0 && inputs[2].Integer(0) != 0;
        bool dropsNothing = inputs.Length > 1 && inputs[1].IsPresent && inputs[1].Shape.ElementCount > 0 && inputs[1].Number(0) == 0;
        if (isTrained && !dropsNothing) throw OperatorRules.Bad(node, "its training mode is true, which is not supported");
        base.Evaluate(node, inputs, outputs);
        if (outputs.Length > 1 && outputs[1].IsPresent) outputs[1].Bytes.Fill(1);
    }

    public override bool IsIdentity(Node node) => node.Outputs.Count == 1 || node.Outputs[1].Length == 0;

    // Nothing is dropped in training either. A rate that is computed is looked at when the network runs.
    private static bool IsZero(InputType? ratio) => ratio is { Constant: null } || (ratio?.Constant?.ToFloats() is [0]);

    protected override bool GivesShape(int input) => false;

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape) => SameShape(inputs[0].Shape, shape);
}
