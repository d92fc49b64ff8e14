using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Root of the sum of squares over axes; 0 of nothing.</summary>
internal sealed class ReduceL2 : Reduction
{
    public override string OpType => OpTypes.ReduceL2;

    protected override double Reduce(in ReducedGroup x)
    {
        double sum = 0;
        for (int i = 0; i < x.Count; i++) sum += x.Number(i) * x.Number(i);
        return Math.Sqrt(sum);
    }
}
