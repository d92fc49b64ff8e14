using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>e^x in float64, a relative error below 2⁻⁵²: x = n·ln 2 + r with |r| ≤ ln 2 / 2, then 2ⁿ·e^r.</summary>
internal static class Exponential
{
    /// <summary>1.5·2⁵²: added to a float64 below 2⁵¹ it leaves whole numbers only, rounded to nearest even, in the lowest bits.</summary>
    public const double Rounding = 6755399441055744;

    /// <summary>Of a float64's exponent.</summary>
    public const long Bias = 1023;

    /// <summary>Of a float64, the hidden one left out.</summary>
    public const int MantissaBits = 52;

    private const double NearZero = 1.0 / (1 << 12);

    // Beyond them 2ⁿ would leave the range of float64; a float32 has long been 0 or infinity there.
    private const double Lowest = -708, Highest = 709;
    private const double Log2E = 1.4426950408889634, Ln2High = 0.6931471805599453, Ln2Low = 2.3190468138462996e-17;

    /// <summary>e^x; a NaN stays one. x is clamped to -708 .. 709.</summary>
    /// <remarks>The polynomial interpolates (e^r - 1 - r) / r² at ten Chebyshev nodes; it is within 1.6e-17 of e^r, relatively.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IDoubleLanes<T>
    {
        x = T.Clamp(x, T.Of(Lowest), T.Of(Highest));
        T shifted = T.FusedMultiplyAdd(x, T.Of(Log2E), T.Of(Rounding)), n = shifted - T.Of(Rounding);
        T r = T.FusedMultiplyAdd(n, T.Of(-Ln2Low), T.FusedMultiplyAdd(n, T.Of(-Ln2High), x));
        T p = T.FusedMultiplyAdd(r, T.Of(2.510038549551032e-08), T.Of(2.7620088445409746e-07));
        p = T.FusedMultiplyAdd(r, p, T.Of(2.7557268459997064e-06));
        p = T.FusedMultiplyAdd(r, p, T.Of(2.4801521295954376e-05));
        p = T.FusedMultiplyAdd(r, p, T.Of(0.00019841269863053618));
        p = T.FusedMultiplyAdd(r, p, T.Of(0.0013888888917213717));
        p = T.FusedMultiplyAdd(r, p, T.Of(0.008333333333330062));
        p = T.FusedMultiplyAdd(r, p, T.Of(0.04166666666662413));
        p = T.FusedMultiplyAdd(r, p, T.Of(0.16666666666666669));
        p = T.FusedMultiplyAdd(r, p, T.Of(0.5000000000000001));
        p = T.FusedMultiplyAdd(r, p, T.Of(1));
        p = T.FusedMultiplyAdd(r, p, T.Of(1));
        return p * T.PowerOfTwo(shifted);
    }

    /// <summary>e^x - 1; near 0, where that difference loses its digits, x + x²/2 + x³/6, which is within 2⁻³⁹ there, relatively.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MinusOne<T>(T x) where T : struct, IDoubleLanes<T>
    {
        T near = x * T.FusedMultiplyAdd(x, T.FusedMultiplyAdd(x, T.Of(1.0 / 6), T.Of(0.5)), T.Of(1));
        return T.IfLess(x * x, T.Of(NearZero * NearZero), near, Of(x) - T.Of(1));
    }
}
