using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Product, element by element, with broadcasting.</summary>
internal sealed class Mul : Arithmetic<Mul.Of>
{
    public override string OpType => OpTypes.Mul;

    public override IReadOnlyList<Signature> Signatures => ArithmeticForms;

    protected override long Apply(Node node, long a, long b, ElementType type) => a * b;

    internal readonly record struct Of : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a * b;
    }
}
