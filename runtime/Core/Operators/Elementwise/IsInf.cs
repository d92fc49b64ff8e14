using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether each element is infinite, of the signs that the node looks for.</summary>
internal sealed class IsInf : FloatTest
{
    public override string OpType => "IsInf";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(10, 1, 1, Int("detect_negative"), Int("detect_positive"))];

    protected override bool Holds(Node node, double x) =>
        double.IsInfinity(x) && node.Attributes.Int(x < 0 ? "detect_negative" : "detect_positive", 1) != 0;
}
