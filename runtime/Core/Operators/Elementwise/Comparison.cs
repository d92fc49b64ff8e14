using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether two values compare so, element by element, with broadcasting; what is not a number compares to nothing.</summary>
internal abstract class Comparison : BroadcastOperator
{
    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView left = inputs[0], right = inputs[1], y = outputs[0];
        BroadcastSource a = new(left.Shape, y.Shape), b = new(right.Shape, y.Shape);
        for (int i = 0; i < y.Shape.ElementCount; i++) y.Set(i, Compare(left, a.At(i), right, b.At(i)) ? 1L : 0);
    }

    protected sealed override ElementType ResultOf(ElementType type) => ElementType.Bool;

    /// <summary>Whether the answer is yes.</summary>
    /// <param name="order">Below 0 where the first is less, above 0 where it is greater, 0 where both are equal.</param>
    protected abstract bool Holds(int order);

    private bool Compare(in TensorView left, int a, in TensorView right, int b)
    {
        if (left.Type == ElementType.UInt64) return Holds(((ulong)left.Integer(a)).CompareTo((ulong)right.Integer(b)));
        if (!left.Type.IsFloat()) return Holds(left.Integer(a).CompareTo(right.Integer(b)));
        double x = left.Number(a), y = right.Number(b);
        return !double.IsNaN(x) && !double.IsNaN(y) && Holds(x.CompareTo(y));
    }
}
