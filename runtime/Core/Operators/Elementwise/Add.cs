using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Sum, element by element, with broadcasting.</summary>
internal sealed class Add : Arithmetic<Add.Of>
{
    public override string OpType => OpTypes.Add;

    public override IReadOnlyList<Signature> Signatures => ArithmeticForms;

    public override OperatorTraits Traits { get; } = BroadcastTraits with { HasInt8Form = true, RoundsToReaders = true };

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        node.Inputs.TrueForAll(input => graph.Constant(input) is null) ? QuantizationRule.ComputesInInt8 : QuantizationRule.StaysFloat;

    protected override long Apply(Node node, long a, long b, ElementType type) => a + b;

    internal readonly record struct Of : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a + b;
    }
}
