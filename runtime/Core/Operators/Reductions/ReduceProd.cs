using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Product over axes; 1 of nothing.</summary>
internal sealed class ReduceProd : Reduction
{
    public override string OpType => OpTypes.ReduceProd;

    protected override double Reduce(in ReducedGroup x)
    {
        double product = 1;
        for (int i = 0; i < x.Count; i++) product *= x.Number(i);
        return product;
    }

    protected override long? ReduceIntegers(in ReducedGroup x)
    {
        long product = 1;
        for (int i = 0; i < x.Count; i++) product *= x.Integer(i);
        return product;
    }
}
