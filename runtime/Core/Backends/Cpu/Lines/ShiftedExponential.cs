using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>e^(x - max) of x ≤ max.</summary>
internal readonly struct ShiftedExponential(float max) : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IFloatLanes<T> => Float32Exponential.OfNegative(x - T.Of(max));
}
