using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Sum of the absolute values over axes; 0 of nothing.</summary>
internal sealed class ReduceL1 : Reduction
{
    public override string OpType => OpTypes.ReduceL1;

    protected override double Reduce(in ReducedGroup x)
    {
        double sum = 0;
        for (int i = 0; i < x.Count; i++) sum += Math.Abs(x.Number(i));
        return sum;
    }

    protected override long? ReduceIntegers(in ReducedGroup x)
    {
        long sum = 0;
        for (int i = 0; i < x.Count; i++)
        {
            long value = x.Integer(i);
            sum += value < 0 && x.Type.IsSigned() ? -value : value;
        }

        return sum;
    }
}
