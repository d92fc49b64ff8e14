using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>The data with slices replaced, or combined with updates, each named by the indices of its first dimensions.</summary>
internal sealed class ScatterND : Operator
{
    public override string OpType => "ScatterND";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting, InputRole.Data] };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(11, 3, 3),
        new(16, 3, 3, Text("reduction").Only(Reduction.Old)),
        new(18, 3, 3, Text("reduction").Only(Reduction.All)) { IsKept = true },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), indices = inputs.Required(node, 1), updates = inputs.Required(node, 2);
        int length = SlicePlaces.Check(node, x, indices, 0);
        var expected = OperatorRules.ShapeOf(node, [.. indices.Shape.Dimensions[..^1], .. x.Shape.Dimensions[length..]]);
        if ((updates.Type, updates.Shape) != (x.Type, expected))
            throw OperatorRules.Bad(node, $"updates {updates.Type}[{updates.Shape}] where {x.Type}[{expected}] is expected");
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], indices = inputs[1], updates = inputs[2], y = outputs[0];
        x.Bytes.CopyTo(y.Bytes);
        int places = RowMajor.Product(indices.Shape, 0, indices.Shape.Rank - 1), run = RowMajor.Product(x.Shape, indices.Shape[^1], x.Shape.Rank);
        string reduction = node.Attributes.String("reduction", "none");
        for (int i = 0; i < places; i++)
        {
            int slice = SlicePlaces.Of(node, x.Shape, indices, i, 0);
            for (int k = 0; k < run; k++) Reduction.Apply(reduction, y, slice * run + k, updates, i * run + k);
        }
    }
}
