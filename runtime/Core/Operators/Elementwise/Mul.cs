using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Product, element by element, with broadcasting.</summary>
internal sealed class Mul : BinaryArithmetic
{
    public override string OpType => OpTypes.Mul;

    protected override float Apply(float a, float b) => a * b;

    protected override long Apply(Node node, long a, long b) => a * b;
}
