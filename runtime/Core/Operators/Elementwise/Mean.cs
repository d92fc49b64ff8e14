using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Mean of any number of values, element by element, with broadcasting; summed in float64 and rounded once.</summary>
internal sealed class Mean : BroadcastOperator
{
    public override string OpType => "Mean";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, Signature.AnyNumber, ConsumedInputs),
        new(6, 1, Signature.AnyNumber),
    ];

    protected override ElementKinds Kinds => ElementKinds.Floats;

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var y = outputs[0];
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            double sum = 0;
            foreach (var x in inputs) sum += x.Number(new BroadcastSource(x.Shape, y.Shape).At(i));
            y.Set(i, sum / inputs.Length);
        }
    }
}
