using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>erf x in float32 as x·P(x²) / Q(x²), within 5.5 units of the last place; odd, and ±1 from ±3.925 on.</summary>
/// <remarks>P and Q are made as those of <see cref="Float32Tanh"/>; their largest relative error is 2·10⁻⁸.</remarks>
internal static class Float32ErrorFunction
{
    // The quotient is exactly 1 here.
    private const double End = 3.925;

    /// <summary>The error function; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IFloatLanes<T>
    {
        x = T.Clamp(x, T.Of(-End), T.Of(End));
        T z = x * x, p = T.FusedMultiplyAdd(z, T.Of(2.04193472466e-6), T.Of(0.000284717061144));
        p = T.FusedMultiplyAdd(z, p, T.Of(0.0037771382334));
        p = T.FusedMultiplyAdd(z, p, T.Of(0.0527827044647));
        p = T.FusedMultiplyAdd(z, p, T.Of(0.190731395439));
        T q = T.FusedMultiplyAdd(z, T.Of(3.79988389927e-5), T.Of(0.0011645427481));
        q = T.FusedMultiplyAdd(z, q, T.Of(0.014992576509));
        q = T.FusedMultiplyAdd(z, q, T.Of(0.114235249446));
        q = T.FusedMultiplyAdd(z, q, T.Of(0.502364035783));
        q = T.FusedMultiplyAdd(z, q, T.Of(1));
        return T.Clamp(T.FusedMultiplyAdd(x * z, p, x * T.Of(1.12837914644)) / q, T.Of(-1), T.Of(1));
    }
}
