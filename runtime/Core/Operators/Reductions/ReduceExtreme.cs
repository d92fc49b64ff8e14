using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>
/// The largest or smallest over axes. Of nothing it is the type's lowest or highest number, infinities included; not-a-number wins.
/// </summary>
internal abstract class ReduceExtreme : Reduction
{
    /// <summary>Whether the largest is wanted.</summary>
    protected abstract bool IsLargest { get; }

    protected sealed override bool Takes(ElementType type) => base.Takes(type) || type is ElementType.Int8 or ElementType.UInt8 or ElementType.Bool;

    protected sealed override double Reduce(in ReducedGroup x)
    {
        double found = IsLargest ? double.NegativeInfinity : double.PositiveInfinity;
        for (int i = 0; i < x.Count; i++) found = IsLargest ? Math.Max(found, x.Number(i)) : Math.Min(found, x.Number(i));
        return found;
    }

    protected sealed override long? ReduceIntegers(in ReducedGroup x)
    {
        // Numbers of UInt64 are compared as if they were signed, half the range below.
        long shift = x.Type == ElementType.UInt64 ? long.MinValue : 0, found = (IsLargest ? Lowest(x.Type) : Highest(x.Type)) ^ shift;
        for (int i = 0; i < x.Count; i++)
        {
            long value = x.Integer(i) ^ shift;
            found = IsLargest ? Math.Max(found, value) : Math.Min(found, value);
        }

        return found ^ shift;
    }

    private static long Lowest(ElementType type) => type.IsSigned() ? long.MinValue >> (64 - 8 * type.Size()) : 0;

    private static long Highest(ElementType type) =>
        type == ElementType.Bool ? 1 : type.IsSigned() ? ~Lowest(type) : (long)(ulong.MaxValue >> (64 - 8 * type.Size()));
}
