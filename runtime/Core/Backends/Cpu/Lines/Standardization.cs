using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>(x - mean) · factor.</summary>
internal readonly struct Standardization(double mean, double factor) : IDoubleFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IDoubleLanes<T> => (x - T.Of(mean)) * T.Of(factor);
}
