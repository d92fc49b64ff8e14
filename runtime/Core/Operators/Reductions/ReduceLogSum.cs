using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Logarithm of the sum over axes; minus infinity of nothing.</summary>
internal sealed class ReduceLogSum : Reduction
{
    public override string OpType => OpTypes.ReduceLogSum;

    protected override double Reduce(in ReducedGroup x)
    {
        double sum = 0;
        for (int i = 0; i < x.Count; i++) sum += x.Number(i);
        return Math.Log(sum);
    }
}
