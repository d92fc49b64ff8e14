using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>The nearest whole number, the even one of two.</summary>
internal sealed class Round : ElementwiseOperator<Round.Function>
{
    public override string OpType => "Round";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 1, 1)];

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.Round(x);
    }
}
