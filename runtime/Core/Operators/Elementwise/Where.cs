using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>The second input where the first is true, else the third; all three are spread.</summary>
internal sealed class Where : Operator
{
    public override string OpType => "Where";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Operand], Axes = AxisUse.Aligned };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 3, 3)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        _ = inputs.OfKind(node, 0, ElementKinds.Bool);
        ElementType x = inputs.OfKind(node, 1, ElementKinds.All).Type, y = inputs.OfKind(node, 2, ElementKinds.All).Type;
        if (x != y) throw OperatorRules.Bad(node, $"it chooses between {x} and {y}; only inputs of one type are supported");
        return [new(x, Broadcasting.ShapeOf(node, inputs))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var to = outputs[0];
        BroadcastSource condition = new(inputs[0].Shape, to.Shape), x = new(inputs[1].Shape, to.Shape), y = new(inputs[2].Shape, to.Shape);
        int size = to.Type.Size();
        Span<byte> all = to.Bytes, chosen = inputs[1].Bytes, other = inputs[2].Bytes;
        for (int i = 0; i < to.Shape.ElementCount; i++)
        {
            bool isTrue = inputs[0].Integer(condition.At(i)) != 0;
            var from = isTrue ? chosen.Slice(x.At(i) * size, size) : other.Slice(y.At(i) * size, size);
            from.CopyTo(all[(i * size)..]);
        }
    }
}
