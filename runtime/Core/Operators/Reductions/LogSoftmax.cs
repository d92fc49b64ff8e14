using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>Logarithm of the Softmax along one axis: x - max - log Σ e^(x - max).</summary>
internal sealed class LogSoftmax : LineOperator
{
    public override string OpType => OpTypes.LogSoftmax;

    protected override void Evaluate(in TensorView x, in TensorView y, int first, int step, int count)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < count; i++) max = Math.Max(max, x.Number(first + i * step));
        for (int i = 0; i < count; i++) sum += Math.Exp(x.Number(first + i * step) - max);
        double log = Math.Log(sum);
        for (int i = 0; i < count; i++) y.Set(first + i * step, x.Number(first + i * step) - max - log);
    }
}
