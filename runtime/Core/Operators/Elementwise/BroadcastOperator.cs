using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>An operator of several values of one type, element by element, with broadcasting.</summary>
internal abstract class BroadcastOperator : Operator
{
    /// <summary>Of every such operator: constants beside an activation are trained, and axes are aligned.</summary>
    protected static readonly OperatorTraits BroadcastTraits = new() { Inputs = [InputRole.Operand], Axes = AxisUse.Aligned };

    /// <summary>The forms of an operator of sets 1 to 6, where the second value was spread only if the node said so.</summary>
    protected static readonly Signature[] SpreadWhenAsked =
    [
        new(1, 2, 2, AttributeRule.Int("axis"), AttributeRule.Int("broadcast")),
        new(7, 2, 2),
    ];

    public override OperatorTraits Traits => BroadcastTraits;

    /// <summary>The types that inputs may have.</summary>
    protected virtual ElementKinds Kinds => ElementKinds.Numbers;

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var type = inputs.OfKind(node, 0, Kinds).Type;
        for (int i = 1; i < inputs.Length; i++)
        {
            var other = inputs.Required(node, i).Type;
            if (!IsPair(type, other)) throw OperatorRules.Bad(node, $"inputs of type {type} and {other}; only inputs of one type are supported");
        }

        return [new(ResultOf(type), Broadcasting.ShapeOf(node, inputs))];
    }

    /// <summary>The type of the output.</summary>
    protected virtual ElementType ResultOf(ElementType type) => type;

    /// <summary>Whether an input may be of a type where the first is of another.</summary>
    protected virtual bool IsPair(ElementType first, ElementType other) => first == other;
}
