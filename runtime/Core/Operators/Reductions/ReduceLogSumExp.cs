using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Logarithm of the sum of e^x over axes, the largest x taken out first; minus infinity of nothing.</summary>
internal sealed class ReduceLogSumExp : Reduction
{
    public override string OpType => OpTypes.ReduceLogSumExp;

    protected override double Reduce(in ReducedGroup x)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < x.Count; i++) max = Math.Max(max, x.Number(i));
        if (!double.IsFinite(max)) return max;
        for (int i = 0; i < x.Count; i++) sum += Math.Exp(x.Number(i) - max);
        return max + Math.Log(sum);
    }
}
