using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Sum of squares over axes; 0 of nothing.</summary>
internal sealed class ReduceSumSquare : Reduction
{
    public override string OpType => OpTypes.ReduceSumSquare;

    protected override double Reduce(in ReducedGroup x)
    {
        double sum = 0;
        for (int i = 0; i < x.Count; i++) sum += x.Number(i) * x.Number(i);
        return sum;
    }

    protected override long? ReduceIntegers(in ReducedGroup x)
    {
        long sum = 0;
        for (int i = 0; i < x.Count; i++) sum += x.Integer(i) * x.Integer(i);
        return sum;
    }
}
