using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>A value as slices along an axis that can be compared, element by element; not-a-number equals itself and is the greatest.</summary>
/// <param name="Outer">Product of the dimensions before the axis.</param>
/// <param name="Count">How many slices there are.</param>
/// <param name="Inner">Product of the dimensions behind it.</param>
internal readonly record struct SliceItems(int Outer, int Count, int Inner)
{
    /// <summary>The order of two slices of the same length and type.</summary>
    public static int Compare(TensorView x, SliceItems items, int item, TensorView y, SliceItems others, int other)
    {
        for (int o = 0; o < items.Outer; o++)
            for (int k = 0; k < items.Inner; k++)
            {
                int at = (o * items.Count + item) * items.Inner + k, to = (o * others.Count + other) * others.Inner + k;
                int order = x.Type.IsFloat() ? Compare(x.Number(at), y.Number(to))
                    : x.Type == ElementType.UInt64 ? ((ulong)x.Integer(at)).CompareTo((ulong)y.Integer(to))
                    : x.Integer(at).CompareTo(y.Integer(to));
                if (order != 0) return order;
            }

        return 0;
    }

    private static int Compare(double a, double b) => double.IsNaN(a) || double.IsNaN(b)
        ? double.IsNaN(a).CompareTo(double.IsNaN(b))
        : a.CompareTo(b);
}
