using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>A function of the bits of two values, element by element, with broadcasting; those of Bool are 0 and 1.</summary>
internal abstract class Bitwise : BroadcastOperator
{
    protected override ElementKinds Kinds => ElementKinds.Integers;

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView left = inputs[0], right = inputs[1], y = outputs[0];
        BroadcastSource a = new(left.Shape, y.Shape), b = new(right.Shape, y.Shape);
        for (int i = 0; i < y.Shape.ElementCount; i++) y.Set(i, Apply(node, left.Integer(a.At(i)), right.Integer(b.At(i))));
    }

    /// <summary>The function of two elements, of which the lowest bits count.</summary>
    protected abstract long Apply(Node node, long a, long b);
}
