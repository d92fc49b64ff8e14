using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>1 / (1 + e^-x).</summary>
internal sealed class Sigmoid : Elementwise
{
    public override string OpType => OpTypes.Sigmoid;

    protected override float Apply(float x) => (float)(1 / (1 + Math.Exp(-x)));
}
