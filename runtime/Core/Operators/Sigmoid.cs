namespace ResNetEdge.Operators;

/// <summary>1 / (1 + e^-x).</summary>
internal sealed class Sigmoid : Elementwise
{
    protected override float Apply(float x) => (float)(1 / (1 + Math.Exp(-x)));
}
