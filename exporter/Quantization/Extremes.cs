using System.Runtime.Intrinsics;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>Smallest and largest of many floats in one pass, which every activation of a network goes through.</summary>
internal static class Extremes
{
    /// <summary>Looks at every element.</summary>
    /// <param name="values">At least one.</param>
    /// <returns>The extremes, and whether all elements are finite; if not, the extremes mean nothing.</returns>
    public static (float Low, float High, bool IsFinite) Of(ReadOnlySpan<float> values)
    {
        float low = values[0], high = values[0], poison = 0; // x · 0 is 0, or NaN for NaN and infinity
        int i = 0, lanes = Vector128<float>.Count;
        if (values.Length >= 2 * lanes)
        {
            Vector128<float> low1 = Vector128.Create(low), low2 = low1,
                high1 = low1, high2 = low1, poison1 = Vector128<float>.Zero, poison2 = poison1;
            for (; i <= values.Length - 2 * lanes; i += 2 * lanes)
            {
                Vector128<float> a = Vector128.Create(values[i..]), b = Vector128.Create(values[(i + lanes)..]);
                (low1, low2) = (Vector128.MinNative(low1, a), Vector128.MinNative(low2, b));
                (high1, high2) = (Vector128.MaxNative(high1, a), Vector128.MaxNative(high2, b));
                (poison1, poison2) = (poison1 + a * 0, poison2 + b * 0);
            }

            (low1, high1) = (Vector128.MinNative(low1, low2), Vector128.MaxNative(high1, high2));
            poison = Vector128.Sum(poison1 + poison2);
            for (int k = 0; k < lanes; k++) (low, high) = (Math.Min(low, low1[k]), Math.Max(high, high1[k]));
        }

        for (; i < values.Length; i++)
        {
            (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
            poison += values[i] * 0;
        }

        return (low, high, poison == 0);
    }

    /// <summary>Raises the largest magnitude of each channel.</summary>
    /// <param name="values">Pixels of [channels] each; NaN and infinity give infinity, or stay out where a lane's comparison drops them.</param>
    /// <param name="largest">[channels].</param>
    public static void RaiseMagnitudes(ReadOnlySpan<float> values, Span<float> largest)
    {
        int channels = largest.Length, lanes = Vector128<float>.Count;
        for (int at = 0; at < values.Length; at += channels)
        {
            var pixel = values.Slice(at, channels);
            int c = 0;
            for (; c <= channels - lanes; c += lanes)
                Vector128.MaxNative(Vector128.Create<float>(largest[c..]), Vector128.Abs(Vector128.Create(pixel[c..]))).CopyTo(largest[c..]);
            for (; c < channels; c++) largest[c] = Math.Max(largest[c], Math.Abs(pixel[c]));
        }
    }
}
