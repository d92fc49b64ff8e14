using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>
/// x · sigmoid(alpha·x), each operation rounded: SiLU where alpha is 1 (Elfwing et al., arXiv:1702.03118), QuickGelu where it is 1.702.
/// </summary>
/// <param name="Alpha">The factor.</param>
internal readonly record struct SigmoidGate(float Alpha) : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IFloatLanes<T> => x * Float32Sigmoid.OfNegated(T.Of(-Alpha) * x);
}
