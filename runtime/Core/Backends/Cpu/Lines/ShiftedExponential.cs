using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>e^(x - max).</summary>
internal readonly struct ShiftedExponential(double max) : IDoubleFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IDoubleLanes<T> => Exponential.Of(x - T.Of(max));
}
