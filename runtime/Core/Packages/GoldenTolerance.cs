using System.Globalization;

namespace ResNetEdge.Packages;

/// <summary>How far an engine may be from golden vectors.</summary>
/// <param name="MaxAbs">No element of an output may differ by more.</param>
/// <param name="MaxRms">The root mean square of an output's differences may not be larger; null: not looked at.</param>
internal readonly record struct GoldenTolerance(double MaxAbs, double? MaxRms)
{
    /// <summary>Of the whole network; 0 where a package has no golden vectors.</summary>
    public static GoldenTolerance Of(ManifestGolden? golden) => new(golden?.MaxAbsDifference ?? 0, golden?.MaxRmsDifference);

    /// <summary>Of one level of a ladder.</summary>
    public static GoldenTolerance Of(ManifestRung rung) => new(rung.MaxAbsDifference, rung.MaxRmsDifference);

    /// <summary>Whether both figures are within it; NaN is not.</summary>
    public bool Allows(GoldenDistance distance) => distance.MaxAbs <= MaxAbs && (MaxRms is not { } rms || distance.Rms <= rms);

    /// <summary>How many times as far as allowed; the larger of both figures.</summary>
    public double Excess(GoldenDistance distance) => Math.Max(Share(distance.MaxAbs, MaxAbs), MaxRms is { } rms ? Share(distance.Rms, rms) : 0);

    /// <summary>"largest difference 0.02, allowed 0.1", and the root mean square where it is looked at.</summary>
    public string Compare(GoldenDistance distance)
    {
        string largest = string.Create(CultureInfo.InvariantCulture, $"largest difference {distance.MaxAbs:G3}, allowed {MaxAbs:G3}");
        return MaxRms is { } rms
            ? string.Create(CultureInfo.InvariantCulture, $"{largest}; root mean square {distance.Rms:G3}, allowed {rms:G3}")
            : largest;
    }

    private static double Share(double difference, double allowed) => difference == 0 ? 0 : difference / allowed;
}
