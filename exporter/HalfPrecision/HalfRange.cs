using System.Globalization;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.HalfPrecision;

/// <summary>What float16 can hold of a value: its largest number must be finite there and not below the numbers of full precision.</summary>
internal static class HalfRange
{
    /// <summary>Why a value does not fit, after its name; null when it does.</summary>
    /// <param name="magnitude">The largest magnitude of its elements.</param>
    public static string? Misfit(float magnitude) => magnitude switch
    {
        >= HalfNumbers.Overflow => Say(magnitude, $"beyond the {HalfNumbers.Largest} of float16"),
        > 0 and < HalfNumbers.SmallestNormal => Say(magnitude, "which float16 holds with few bits"),
        float.NaN => "is not a number",
        _ => null,
    };

    /// <summary>The largest magnitude of a constant's finite elements; NaN where one is not a number.</summary>
    public static float MagnitudeOf(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            if (float.IsNaN(value)) return float.NaN;
            if (float.IsFinite(value)) largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static string Say(float magnitude, string what) => string.Create(CultureInfo.InvariantCulture, $"reaches {magnitude:G4}, {what}");
}
