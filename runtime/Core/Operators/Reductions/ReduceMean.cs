using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Mean over axes; that of integers loses its fraction. ONNX leaves the mean of nothing open: not-a-number, 0 of integers.</summary>
internal sealed class ReduceMean : Reduction
{
    public override string OpType => OpTypes.ReduceMean;

    protected override double Reduce(in ReducedGroup x)
    {
        double sum = 0;
        for (int i = 0; i < x.Count; i++) sum += x.Number(i);
        return sum / x.Count;
    }

    protected override long? ReduceIntegers(in ReducedGroup x)
    {
        Int128 sum = 0;
        for (int i = 0; i < x.Count; i++) sum += x.Type == ElementType.UInt64 ? (ulong)x.Integer(i) : x.Integer(i);
        return x.Count == 0 ? 0 : unchecked((long)(sum / x.Count));
    }
}
