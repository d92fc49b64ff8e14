using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>start, start + delta, start + 2 · delta ... before limit.</summary>
internal sealed class Range : ShapedByValues
{
    public override string OpType => "Range";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 3, 3)];

    protected override bool GivesShape(int input) => true;

    protected override bool MayGiveShape(int input, ElementType type) => type.IsFloat() || type.IsInteger();

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var type = inputs.Required(node, 0).Type;
        for (int i = 0; i < 3; i++)
        {
            var input = inputs.Required(node, i);
            if (input.Type != type || input.Shape.ElementCount != 1)
                throw OperatorRules.Bad(node, $"input {i} is {input.Type}[{input.Shape}]; a scalar of {type} is expected");
        }

        return type;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        double count;
        if (inputs[0].Type.IsFloat())
        {
            count = Math.Max(0, Math.Ceiling((inputs[1].Number(0) - inputs[0].Number(0)) / inputs[2].Number(0)));
            if (inputs[2].Number(0) == 0) throw OperatorRules.Bad(node, "a delta of 0");
        }
        else
        {
            Int128 distance = (Int128)inputs[1].Integer(0) - inputs[0].Integer(0), delta = inputs[2].Integer(0);
            if (delta == 0) throw OperatorRules.Bad(node, "a delta of 0");
            count = Int128.Sign(distance) != Int128.Sign(delta) ? 0 : (double)((distance + delta - Int128.Sign(delta)) / delta);
        }

        if (!(count <= Shape.MaxElements)) throw OperatorRules.Bad(node, "more numbers than a value may have");
        shape[0] = (long)count;
        return 1;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var y = outputs[0];
        for (int i = 0; i < y.Shape.ElementCount; i++)
            if (y.Type.IsFloat()) y.Set(i, inputs[0].Number(0) + i * inputs[2].Number(0));
            else y.Set(i, unchecked(inputs[0].Integer(0) + i * inputs[2].Integer(0)));
    }
}
