using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>1 / (1 + e^-x) in float32, within 2.4 units of the last place, and 0 below -87.3, where it is 1.2·10⁻³⁸.</summary>
internal static class Float32Sigmoid
{
    /// <summary>The sigmoid of x; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IFloatLanes<T> => OfNegated(T.Of(0) - x);

    /// <summary>The sigmoid of -x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfNegated<T>(T x) where T : struct, IFloatLanes<T>
    {
        T bound = T.Of(Float32Exponential.Bound), one = T.Of(1);
        T power = Float32Exponential.OfBounded(T.Clamp(x, T.Of(-Float32Exponential.Bound), bound));
        return T.IfLess(bound, x, T.Of(0), one / (one + power));
    }
}
