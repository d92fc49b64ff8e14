using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>x · min(max(alpha·x + beta, 0), 1): HardSwish with other numbers.</summary>
/// <param name="Alpha">The slope.</param>
/// <param name="Beta">The gate at 0.</param>
internal readonly record struct HardSigmoidGate(float Alpha, float Beta) : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IFloatLanes<T> =>
        x * T.Clamp(T.FusedMultiplyAdd(x, T.Of(Alpha), T.Of(Beta)), T.Of(0), T.Of(1));
}
