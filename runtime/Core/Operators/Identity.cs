using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>The input, unchanged.</summary>
internal sealed class Identity : Reinterpret
{
    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs) => x;
}
