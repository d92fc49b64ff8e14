namespace ResNetEdge.Exporter.Evaluation;

/// <summary>
/// How far a share counted on a sample may lie from the truth: the 95 % score interval of Wilson
/// (JASA 22, 1927), sound near 0 and 1 and for few pictures.
/// </summary>
internal static class WilsonInterval
{
    private const double Z = 1.959963984540054; // two-sided 95 %

    /// <summary>The interval, within 0 to 1.</summary>
    /// <param name="right">How many of the trials succeeded.</param>
    /// <param name="count">Trials; at least 1.</param>
    public static (double Low, double High) Of(int right, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double share = (double)right / count, z2 = Z * Z / count;
        double center = (share + z2 / 2) / (1 + z2);
        double half = Z * Math.Sqrt(share * (1 - share) / count + z2 / (4 * count)) / (1 + z2);
        return (Math.Max(0, center - half), Math.Min(1, center + half));
    }
}
