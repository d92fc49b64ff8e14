using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Sum, element by element, with broadcasting.</summary>
internal sealed class Add : Arithmetic<Add.Of>
{
    public override string OpType => OpTypes.Add;

    public override IReadOnlyList<Signature> Signatures => ArithmeticForms;

    protected override long Apply(Node node, long a, long b, ElementType type) => a + b;

    internal readonly record struct Of : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a + b;
    }
}
