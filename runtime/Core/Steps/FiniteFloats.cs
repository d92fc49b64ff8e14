using System.Runtime.Intrinsics;

namespace ResNetEdge.Steps;

/// <summary>Looks for numbers that are not finite, many at once: every weight passes here while a model is loaded.</summary>
internal static unsafe class FiniteFloats
{
    private const int Lanes = 4;

    /// <summary>Index of the first NaN or infinity; -1 when there is none.</summary>
    public static int FirstBad(ReadOnlySpan<float> values)
    {
        fixed (float* first = values)
        {
            float* next = first, end = first + values.Length;
            // x·0 is 0 for every finite x and NaN for all else, and a NaN stays in a sum. Four sums, so that none waits for another.
            Vector128<float> zero = default, a = default, b = default, c = default, d = default;
            for (; end - next >= 8 * Lanes; next += 8 * Lanes)
            {
                a = Vector128.FusedMultiplyAdd(Vector128.Load(next), zero, a);
                b = Vector128.FusedMultiplyAdd(Vector128.Load(next + Lanes), zero, b);
                c = Vector128.FusedMultiplyAdd(Vector128.Load(next + 2 * Lanes), zero, c);
                d = Vector128.FusedMultiplyAdd(Vector128.Load(next + 3 * Lanes), zero, d);
                a = Vector128.FusedMultiplyAdd(Vector128.Load(next + 4 * Lanes), zero, a);
                b = Vector128.FusedMultiplyAdd(Vector128.Load(next + 5 * Lanes), zero, b);
                c = Vector128.FusedMultiplyAdd(Vector128.Load(next + 6 * Lanes), zero, c);
                d = Vector128.FusedMultiplyAdd(Vector128.Load(next + 7 * Lanes), zero, d);
            }

            if (!Vector128.EqualsAll(a + b + (c + d), zero))
                next = first;
            for (; next < end; next++)
            {
                if (!float.IsFinite(*next))
                    return (int)(next - first);
            }

            return -1;
        }
    }
}
