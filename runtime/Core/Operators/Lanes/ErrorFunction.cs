using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>
/// erf(x) = 2/√π · ∫ e^-t² dt from 0 to x, and 1 - erf(x), in float64. Within 2⁻⁴¹ relatively, which is more than a float32 can show.
/// </summary>
/// <remarks>The polynomials interpolate at Chebyshev nodes; the second has the form of Press et al., Numerical Recipes, 6.2.2.</remarks>
internal static class ErrorFunction
{
    private const double Near = 0.5, Least = 2.0 / 13, Middle = 0.5769230769230769, InverseHalfWidth = 2.3636363636363638;

    /// <summary>erf(x); near 0 x times a polynomial of x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IDoubleLanes<T>
    {
        T z = T.Abs(x), far = T.Of(1) - Complement(z), q = x * x;
        T p = T.FusedMultiplyAdd(q, T.Of(1.4725865480556744e-06), T.Of(-1.4845849259707869e-05));
        p = T.FusedMultiplyAdd(q, p, T.Of(0.00012053335124353741));
        p = T.FusedMultiplyAdd(q, p, T.Of(-0.0008548297753674966));
        p = T.FusedMultiplyAdd(q, p, T.Of(0.00522397737302147));
        p = T.FusedMultiplyAdd(q, p, T.Of(-0.026866170632887928));
        p = T.FusedMultiplyAdd(q, p, T.Of(0.11283791670925353));
        p = T.FusedMultiplyAdd(q, p, T.Of(-0.37612638903183476));
        p = T.FusedMultiplyAdd(q, p, T.Of(1.1283791670955126));
        return T.IfLess(z, T.Of(Near), x * p, T.IfLess(x, T.Of(0), T.Of(-1) * far, far));
    }

    /// <summary>1 - erf(z) of z ≥ 0: t·e^(p(t) - z²) with t = 2 / (2 + z); beyond 11, where it is below 10⁻⁵³, only its size is right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Complement<T>(T z) where T : struct, IDoubleLanes<T>
    {
        T t = T.Of(2) / (T.Of(2) + z);
        T w = (T.IfLess(t, T.Of(Least), T.Of(Least), t) - T.Of(Middle)) * T.Of(InverseHalfWidth);
        T p = T.FusedMultiplyAdd(w, T.Of(-9.368352299923114e-08), T.Of(1.0638767268058084e-07));
        p = T.FusedMultiplyAdd(w, p, T.Of(7.252951116792879e-07));
        p = T.FusedMultiplyAdd(w, p, T.Of(-1.4934832596426984e-06));
        p = T.FusedMultiplyAdd(w, p, T.Of(-2.1537361144505416e-06));
        p = T.FusedMultiplyAdd(w, p, T.Of(1.0507262664275385e-05));
        p = T.FusedMultiplyAdd(w, p, T.Of(-3.429103507368265e-06));
        p = T.FusedMultiplyAdd(w, p, T.Of(-4.902547350142175e-05));
        p = T.FusedMultiplyAdd(w, p, T.Of(8.172965179884813e-05));
        p = T.FusedMultiplyAdd(w, p, T.Of(0.00015877493827531477));
        p = T.FusedMultiplyAdd(w, p, T.Of(-0.0006272047500012081));
        p = T.FusedMultiplyAdd(w, p, T.Of(-0.0002478183755171237));
        p = T.FusedMultiplyAdd(w, p, T.Of(0.004032795087577125));
        p = T.FusedMultiplyAdd(w, p, T.Of(-0.0014135822187652239));
        p = T.FusedMultiplyAdd(w, p, T.Of(-0.03077612039256128));
        p = T.FusedMultiplyAdd(w, p, T.Of(0.017633790767017956));
        p = T.FusedMultiplyAdd(w, p, T.Of(0.5785679652937439));
        p = T.FusedMultiplyAdd(w, p, T.Of(-0.5673654734672524));
        return t * Exponential.Of(p - z * z);
    }
}
