using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>Indices of all elements that are not zero, in order: a column for each, a row for each dimension.</summary>
internal sealed class NonZero : ShapedByValues
{
    public override string OpType => "NonZero";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override bool GivesShape(int input) => true;

    protected override bool MayGiveShape(int input, ElementType type) => type.IsFloat() || type.IsInteger() || type == ElementType.Bool;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        inputs.Required(node, 0);
        return ElementType.Int64;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        shape[0] = inputs[0].Shape.Rank;
        shape[1] = 0;
        for (int i = 0; i < inputs[0].Shape.ElementCount; i++)
            if (inputs[0].Number(i) != 0) shape[1]++;
        return 2;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var x = inputs[0];
        var y = outputs[0].As<long>();
        int count = outputs[0].Shape[1], column = 0;
        for (int i = 0; i < x.Shape.ElementCount; i++)
        {
            if (x.Number(i) == 0) continue;
            for (int d = x.Shape.Rank - 1, rest = i; d >= 0; rest /= x.Shape[d--]) y[d * count + column] = rest % x.Shape[d];
            column++;
        }
    }
}
