using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>1 above 0, -1 below it, else 0; what is not a number stays so.</summary>
internal sealed class Sign : ElementwiseOperator<Sign.Function>
{
    public override string OpType => "Sign";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override ElementKinds Kinds => ElementKinds.Numbers;

    protected override long OfInteger(Node node, long x, ElementType type) => x == 0 ? 0 : type.IsUnsigned() || x > 0 ? 1 : -1;

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> =>
            T.IfLess(T.Of(0), x, T.Of(1), T.IfLess(x, T.Of(0), T.Of(-1), x + T.Of(0)));
    }
}
