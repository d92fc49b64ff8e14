using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>e^x in float32, within 1.1 units of the last place: x = n·ln 2 + r with |r| ≤ ln 2 / 2, then 2ⁿ·e^r.</summary>
internal static class Float32Exponential
{
    /// <summary>1.5·2²³: added to a float32 below 2²² it leaves whole numbers only, rounded to nearest even, in the lowest bits.</summary>
    public const double Rounding = 12582912;

    /// <summary>Of a float32, the hidden one left out.</summary>
    public const int MantissaBits = 23;

    /// <summary>The bits of 1.</summary>
    public const uint One = 127u << MantissaBits;

    /// <summary>Between ± this e^x is a normal number.</summary>
    public const double Bound = 87.3;

    // Beyond the first two e^x has long been 0 or infinity, and below the third e^x - 1 is -1.
    private const double Lowest = -104, Highest = 89, LowestMinusOne = -18;
    private const double Log2E = 1.4426950408889634, Ln2High = 0.693145751953125, Ln2Low = 1.428606765330187e-06;

    /// <summary>e^x, denormal where it is; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IFloatLanes<T>
    {
        T p = MinusOneOfRest(T.Clamp(x, T.Of(Lowest), T.Of(Highest)), out T shifted) + T.Of(1), n = shifted - T.Of(Rounding);
        // In two factors, each of which is a normal number.
        T half = T.FusedMultiplyAdd(n, T.Of(0.5), T.Of(Rounding)), rest = n - (half - T.Of(Rounding));
        return p * T.PowerOfTwo(half) * T.PowerOfTwo(rest + T.Of(Rounding));
    }

    /// <summary>e^x of x within ±<see cref="Bound"/>; a NaN stays one, and of another number it is any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfBounded<T>(T x) where T : struct, IFloatLanes<T> =>
        (MinusOneOfRest(x, out T shifted) + T.Of(1)) * T.PowerOfTwo(shifted);

    /// <summary>e^x of x ≤ 0, and 0 below -<see cref="Bound"/>; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfNegative<T>(T x) where T : struct, IFloatLanes<T> => T.IfLess(x, T.Of(-Bound), T.Of(0), OfBounded(x));

    /// <summary>e^x - 1 of x ≤ 0, within 1.6 units of the last place; of another number it is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MinusOne<T>(T x) where T : struct, IFloatLanes<T>
    {
        T p = MinusOneOfRest(T.Clamp(x, T.Of(LowestMinusOne), T.Of(0)), out T shifted), power = T.PowerOfTwo(shifted);
        return T.FusedMultiplyAdd(power, p, power - T.Of(1));
    }

    /// <summary>e^r - 1; <paramref name="shifted"/> is n + <see cref="Rounding"/>.</summary>
    /// <remarks>The polynomial interpolates (e^r - 1 - r) / r² at five Chebyshev nodes; e^r is within 10⁻⁸, relatively.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MinusOneOfRest<T>(T x, out T shifted) where T : struct, IFloatLanes<T>
    {
        shifted = T.FusedMultiplyAdd(x, T.Of(Log2E), T.Of(Rounding));
        T n = shifted - T.Of(Rounding);
        T r = T.FusedMultiplyAdd(n, T.Of(-Ln2Low), T.FusedMultiplyAdd(n, T.Of(-Ln2High), x));
        T q = T.FusedMultiplyAdd(r, T.Of(0.00139261835877), T.Of(0.00836317905272));
        q = T.FusedMultiplyAdd(r, q, T.Of(0.0416665546172));
        q = T.FusedMultiplyAdd(r, q, T.Of(0.166665769897));
        q = T.FusedMultiplyAdd(r, q, T.Of(0.5));
        return T.FusedMultiplyAdd(r * r, q, r);
    }
}
