using ResNetEdge.Model;

namespace ResNetEdge.Operators.Sorting;

/// <summary>The order of elements of one value; not-a-number is above every number, as numpy sorts it.</summary>
internal static class ElementOrder
{
    /// <summary>
    /// Less than 0, 0 or more than 0 as the element at <paramref name="a"/> is below, equal to or above that at <paramref name="b"/>.
    /// </summary>
    public static int Compare(in TensorView values, int a, int b)
    {
        if (values.Type == ElementType.UInt64) return ((ulong)values.Integer(a)).CompareTo((ulong)values.Integer(b));
        if (!values.Type.IsFloat()) return values.Integer(a).CompareTo(values.Integer(b));
        double left = values.Number(a), right = values.Number(b);
        return left < right ? -1 : left > right ? 1 : double.IsNaN(left).CompareTo(double.IsNaN(right));
    }
}
