using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Quotient, element by element, with broadcasting; integers truncate towards zero.</summary>
internal sealed class Div : BinaryArithmetic
{
    public override string OpType => OpTypes.Div;

    protected override float Apply(float a, float b) => a / b;

    protected override long Apply(Node node, long a, long b) => b == 0 ? throw OperatorRules.Bad(node, "integer division by zero") : a / b;
}
