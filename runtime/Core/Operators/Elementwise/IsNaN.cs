using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether each element is not a number.</summary>
internal sealed class IsNaN : FloatTest
{
    public override string OpType => "IsNaN";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override bool Holds(Node node, double x) => double.IsNaN(x);
}
