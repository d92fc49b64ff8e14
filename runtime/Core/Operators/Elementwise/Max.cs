using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Largest of any number of values, element by element, with broadcasting; what is not a number stays so.</summary>
internal sealed class Max : Arithmetic<Max.Of>
{
    public override string OpType => OpTypes.Max;

    public override IReadOnlyList<Signature> Signatures => ForAnyNumber;

    protected override long Apply(Node node, long a, long b, ElementType type) => Integers.IsLess(a, b, type) ? b : a;

    internal readonly record struct Of : IBinaryFunction
    {
        // The comparison keeps a NaN on the left. One on the right is none of the numbers that are compared to infinity: the sum is NaN.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T>
        {
            T found = T.IfLess(a, b, b, a);
            return T.IfLess(b, T.Of(double.PositiveInfinity), found, b + found);
        }
    }
}
