using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Steps;

/// <summary>Looks for numbers that are not finite, many at once: every weight passes here while a model is loaded.</summary>
internal static class FiniteFloats
{
    /// <summary>Index of the first NaN or infinity; -1 when there is none.</summary>
    public static int FirstBad(ReadOnlySpan<float> values)
    {
        // x·0 is 0 for every finite x and NaN for all else, and a NaN stays in a sum. Four sums, so that none waits for another.
        Vector128<float> a = default, b = default, c = default, d = default;
        var vectors = MemoryMarshal.Cast<float, Vector128<float>>(values);
        int i = 0;
        for (; i <= vectors.Length - 4; i += 4)
        {
            a = Vector128.FusedMultiplyAdd(vectors[i], Vector128<float>.Zero, a);
            b = Vector128.FusedMultiplyAdd(vectors[i + 1], Vector128<float>.Zero, b);
            c = Vector128.FusedMultiplyAdd(vectors[i + 2], Vector128<float>.Zero, c);
            d = Vector128.FusedMultiplyAdd(vectors[i + 3], Vector128<float>.Zero, d);
        }

        if (Vector128.EqualsAll(a + b + c + d, default))
            values = values[(i * Vector128<float>.Count)..];
        else
            i = 0;
        for (int rest = 0; rest < values.Length; rest++)
        {
            if (!float.IsFinite(values[rest]))
                return i * Vector128<float>.Count + rest;
        }

        return -1;
    }
}
