using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>The data with elements replaced, or combined with updates, each at an index along an axis.</summary>
internal sealed class ScatterElements : Operator
{
    public override string OpType => OpTypes.ScatterElements;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting, InputRole.Data] };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(11, 3, 3, Int("axis")),
        new(16, 3, 3, Int("axis"), Text("reduction").Only(Reduction.Old)),
        new(18, 3, 3, Int("axis"), Text("reduction").Only(Reduction.All)) { IsKept = true },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), indices = inputs.Required(node, 1), updates = inputs.Required(node, 2);
        ElementPlaces.Check(node, x, indices, OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank));
        if ((updates.Type, updates.Shape) != (x.Type, indices.Shape))
            throw OperatorRules.Bad(node, $"updates {updates.Type}[{updates.Shape}] for {x.Type} at indices of shape {indices.Shape}");
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], indices = inputs[1], y = outputs[0];
        x.Bytes.CopyTo(y.Bytes);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank);
        string reduction = node.Attributes.String("reduction", "none");
        for (int i = 0; i < indices.Shape.ElementCount; i++)
            Reduction.Apply(reduction, y, ElementPlaces.Of(node, x.Shape, indices, i, axis), inputs[2], i);
    }
}
