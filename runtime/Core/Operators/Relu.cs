namespace ResNetEdge.Operators;

/// <summary>max(x, 0); NaN stays NaN.</summary>
internal sealed class Relu : Elementwise
{
    protected override float Apply(float x) => x < 0 ? 0 : x;
}
