using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>The natural logarithm in float64: x = m·2ⁿ with √½ &lt; m ≤ √2, then n·ln 2 + ln m; within 2⁻⁵⁰ of it, relatively.</summary>
internal static class Logarithm
{
    /// <summary>Of a float64: the bits of its fraction, and those of 1.</summary>
    public const long MantissaMask = (1L << Exponential.MantissaBits) - 1, One = Exponential.Bias << Exponential.MantissaBits;

    /// <summary>Bits of 2⁵², whose lowest bits count in ones: an integer below it, put there, is a float64 without a conversion.</summary>
    public const long Whole = (Exponential.Bias + Exponential.MantissaBits) << Exponential.MantissaBits;

    /// <summary>2⁵² and the bias of an exponent.</summary>
    public const double WholeAndBias = (1L << Exponential.MantissaBits) + Exponential.Bias;

    private const double Root = 1.4142135623730951, SmallestNormal = 2.2250738585072014e-308, Subnormals = 18014398509481984; // 2⁵⁴
    private const double Ln2 = 0.6931471805599453, Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10;

    /// <summary>ln x: -∞ of 0, not a number below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IDoubleLanes<T>
    {
        T smallest = T.Of(SmallestNormal), infinity = T.Of(double.PositiveInfinity);
        T normal = x * T.IfLess(x, smallest, T.Of(Subnormals), T.Of(1));
        T m = T.Mantissa(normal), n = T.Exponent(normal) - T.IfLess(x, smallest, T.Of(54), T.Of(0));
        n = T.IfLess(T.Of(Root), m, n + T.Of(1), n);
        m = T.IfLess(T.Of(Root), m, m * T.Of(0.5), m);
        T log = Ratio((m - T.Of(1)) / (m + T.Of(1)));
        log = T.FusedMultiplyAdd(n, T.Of(Ln2High), T.FusedMultiplyAdd(n, T.Of(Ln2Low), log));
        T edge = T.IfLess(x, T.Of(0), T.Of(double.NaN), x - infinity); // x is 0, negative or NaN
        return T.IfLess(T.Of(0), x, T.IfLess(x, infinity, log, infinity), edge);
    }

    /// <summary>ln(1 + x) of 0 ≤ x ≤ 1, exact also where 1 + x would lose the digits of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfOnePlus<T>(T x) where T : struct, IDoubleLanes<T>
    {
        // Above √2 - 1 it is ln 2 + ln((1 + x)/2).
        T limit = T.Of(Root - 1), one = T.Of(1);
        T s = T.IfLess(limit, x, (x - one) / (x + T.Of(3)), x / (x + T.Of(2)));
        return T.IfLess(limit, x, T.Of(Ln2), T.Of(0)) + Ratio(s);
    }

    // ln((1 + s)/(1 - s)) = 2·(s + s³/3 + s⁵/5 + ...) of |s| ≤ 0.172, so that what follows s²¹ does not count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Ratio<T>(T s) where T : struct, IDoubleLanes<T>
    {
        T q = s * s, p = T.FusedMultiplyAdd(q, T.Of(2.0 / 21), T.Of(2.0 / 19));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 17));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 15));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 13));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 11));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 9));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 7));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 5));
        p = T.FusedMultiplyAdd(q, p, T.Of(2.0 / 3));
        return s * T.FusedMultiplyAdd(q, p, T.Of(2));
    }
}
