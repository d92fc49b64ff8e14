using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Quotient, element by element, with broadcasting; integers truncate towards zero.</summary>
internal sealed class Div : Arithmetic<Div.Of>
{
    public override string OpType => OpTypes.Div;

    public override OperatorTraits Traits { get; } = ArithmeticTraits with { SpreadsRange = true };

    public override IReadOnlyList<Signature> Signatures => ArithmeticForms;

    /// <summary>Not of two computed values: the divisor may be any small number, so that the quotient has no range.</summary>
    public override QuantizationRule Quantization(Node node, Graph graph) =>
        graph.Constant(node.Inputs[1]) is null ? QuantizationRule.StaysFloat : base.Quantization(node, graph);

    protected override long Apply(Node node, long a, long b, ElementType type) => Integers.Quotient(node, a, b, type);

    internal readonly record struct Of : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a / b;
    }
}
