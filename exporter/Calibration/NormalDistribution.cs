namespace ResNetEdge.Exporter.Calibration;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Density of the standard normal distribution.</summary>
    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// Share of it below <paramref name="z"/>, to within 1e-7 (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17).
    /// </summary>
    public static double Cumulative(double z)
    {
        double t = 1 / (1 + 0.2316419 * Math.Abs(z));
        double tail = Density(z) * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return z >= 0 ? 1 - tail : tail;
    }
}
