using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>x · min(max(x / 6 + 1/2, 0), 1), MobileNetV3's: Howard et al., arXiv:1905.02244.</summary>
internal sealed class HardSwish : ElementwiseOperator<HardSwish.Function>
{
    public override string OpType => "HardSwish";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(14, 1, 1)];

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> =>
            x * T.Clamp(T.FusedMultiplyAdd(x, T.Of(1.0 / 6), T.Of(0.5)), T.Of(0), T.Of(1));
    }
}
