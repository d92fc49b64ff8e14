using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>e^x over the sum of e^x along one axis, the largest taken out first.</summary>
internal sealed class Softmax : LineOperator
{
    public override string OpType => OpTypes.Softmax;

    protected override void Evaluate(in TensorView x, in TensorView y, int first, int step, int count)
    {
        if (x.Type == ElementType.Float32)
        {
            Line(x.As<float>(), y.As<float>(), first, step, count);
            return;
        }

        double max = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < count; i++) max = Math.Max(max, x.Number(first + i * step));
        for (int i = 0; i < count; i++) sum += Math.Exp(x.Number(first + i * step) - max);
        for (int i = 0; i < count; i++) y.Set(first + i * step, Math.Exp(x.Number(first + i * step) - max) / sum);
    }

    /// <summary>One line of values along the axis.</summary>
    /// <param name="x">The values lie at first, first + step, ... A NaN makes the whole line NaN, and so does an infinite largest value.</param>
    /// <param name="y">Receives the results at the same places; may be the same memory.</param>
    /// <param name="first">Index of the line's first value.</param>
    /// <param name="step">From one value to the next.</param>
    /// <param name="count">Values in the line.</param>
    internal static void Line(ReadOnlySpan<float> x, Span<float> y, int first, int step, int count)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < count; i++) max = Math.Max(max, x[first + i * step]);
        for (int i = 0; i < count; i++) sum += Math.Exp(x[first + i * step] - max);
        for (int i = 0; i < count; i++) y[first + i * step] = (float)(Math.Exp(x[first + i * step] - max) / sum);
    }
}
