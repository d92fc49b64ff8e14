namespace ResNetEdge.Benchmarks.Suite;

/// <summary>The line through points that has the least squares of vertical distances.</summary>
/// <param name="Intercept">At x = 0.</param>
/// <param name="Slope">Per unit of x.</param>
/// <param name="R2">Share of the variance that the line explains; 1 when all points lie on it.</param>
internal readonly record struct LineFit(double Intercept, double Slope, double R2)
{
    /// <summary>The line's value.</summary>
    public double At(double x) => Intercept + Slope * x;

    /// <summary>The straight line with the least sum of squared errors.</summary>
    /// <exception cref="ArgumentException">Fewer than two different x.</exception>
    public static LineFit Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double meanX = Mean(x), meanY = Mean(y), xx = 0, xy = 0, yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }

        if (!(xx > 0)) throw new ArgumentException("a line needs two different x");
        return new(meanY - xy / xx * meanX, xy / xx, yy > 0 ? xy * xy / (xx * yy) : 1);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double v in values) sum += v;
        return sum / values.Length;
    }
}
