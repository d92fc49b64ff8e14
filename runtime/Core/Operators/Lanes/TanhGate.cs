using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>x · (1 + tanh u) / 2 with u = √(2/π)·(x + 0.044715·x³), the approximated GELU as it is computed: of -∞ it is not a number.</summary>
internal readonly record struct TanhGate : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IFloatLanes<T>
    {
        T u = x * T.FusedMultiplyAdd(x * x, T.Of(0.044715 * 0.7978845608028654), T.Of(0.7978845608028654));
        return x * T.FusedMultiplyAdd(T.Of(0.5), Float32Tanh.Of(u), T.Of(0.5));
    }
}
