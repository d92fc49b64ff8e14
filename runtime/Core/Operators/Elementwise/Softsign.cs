using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>x / (1 + |x|).</summary>
internal sealed class Softsign : ElementwiseOperator<Softsign.Function>
{
    public override string OpType => "Softsign";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => x / (T.Of(1) + T.Abs(x));
    }
}
