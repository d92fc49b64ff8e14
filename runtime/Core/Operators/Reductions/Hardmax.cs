using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>1 at the first of the largest values along one axis, 0 everywhere else.</summary>
internal sealed class Hardmax : LineOperator
{
    public override string OpType => OpTypes.Hardmax;

    protected override void Evaluate(in TensorView x, in TensorView y, int first, int step, int count)
    {
        int best = 0;
        for (int i = 1; i < count; i++)
            if (x.Number(first + i * step) > x.Number(first + best * step)) best = i;
        for (int i = 0; i < count; i++) y.Set(first + i * step, i == best ? 1.0 : 0);
    }
}
