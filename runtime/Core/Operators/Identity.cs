using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>The input, unchanged.</summary>
internal sealed class Identity : Reinterpret
{
    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs) => x;
}
