namespace ResNetEdge.Operators.Normalization;

/// <summary>Mean and variance of elements that lie side by side.</summary>
internal static class Moments
{
    /// <summary>In two passes, in double precision; the variance is divided by the count, as in a whole population.</summary>
    public static (double Mean, double Variance) Of(in TensorView x, int first, int count)
    {
        double sum = 0, squares = 0;
        for (int i = first; i < first + count; i++) sum += x.Number(i);
        double mean = sum / count;
        for (int i = first; i < first + count; i++)
        {
            double distance = x.Number(i) - mean;
            squares += distance * distance;
        }

        return (mean, squares / count);
    }
}
