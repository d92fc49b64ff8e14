using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>What functions share, in terms of <see cref="ILanes{TSelf}"/>.</summary>
internal static class LaneMath
{
    /// <summary>min(max(x, low), high) that keeps a NaN and, at a bound of zero, the sign of a zero: the clamp of every fused epilogue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Clamp<T>(T x, T low, T high) where T : struct, ILanes<T>
    {
        x = T.IfLess(x, low, low, x);
        return T.IfLess(high, x, high, x);
    }

    /// <summary>|x|; of -0 it is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Abs<T>(T x) where T : struct, ILanes<T> => T.IfLess(T.Of(0), x, x, T.Of(0) - x);
}
