using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>x · (1 + erf(x / √2)) / 2, the GELU as it is computed: of -∞ it is not a number.</summary>
internal readonly record struct ErrorGate : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IFloatLanes<T> => x * Gate(x);

    /// <summary>x's factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gate<T>(T x) where T : struct, IFloatLanes<T> =>
        T.FusedMultiplyAdd(T.Of(0.5), Float32ErrorFunction.Of(x * T.Of(0.7071067811865476)), T.Of(0.5));
}
