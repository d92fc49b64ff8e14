using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>x · tanh(ln(1 + e^x)), Mish as it is computed: of -∞ it is not a number.</summary>
internal readonly record struct SoftplusGate : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IFloatLanes<T>
    {
        // n / (n + 2) with n = e^x·(e^x + 2); it is 1 beyond 20.
        T power = Float32Exponential.Of(T.IfLess(T.Of(20), x, T.Of(20), x)), n = power * (power + T.Of(2));
        return x * (n / (n + T.Of(2)));
    }
}
