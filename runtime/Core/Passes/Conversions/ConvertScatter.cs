using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>The name that ScatterElements had in operator sets 9 and 10.</summary>
internal sealed class ConvertScatter : Conversion
{
    public override string OpType => "Scatter";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 3, 3, Int("axis")), Signature.Deprecated(11)];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        values.Add(new Node(OpTypes.ScatterElements, node.Name, node.Inputs, node.Outputs) { Attributes = node.Attributes });
        return true;
    }
}
