using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>|x|; the least integer of a type stays as it is.</summary>
internal sealed class Abs : ElementwiseOperator<Abs.Function>
{
    public override string OpType => "Abs";

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    protected override ElementKinds Kinds => ElementKinds.Numbers;

    protected override long OfInteger(Node node, long x, ElementType type) => type.IsUnsigned() || x >= 0 ? x : -x;

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.Abs(x);
    }
}
