using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Difference, element by element, with broadcasting.</summary>
internal sealed class Sub : BinaryArithmetic
{
    public override string OpType => OpTypes.Sub;

    protected override float Apply(float a, float b) => a - b;

    protected override long Apply(Node node, long a, long b) => a - b;
}
