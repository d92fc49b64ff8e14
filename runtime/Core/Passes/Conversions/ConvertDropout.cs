using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Rate and seed say nothing at inference. Before operator set 7 a node was trained unless <c>is_test</c>; before 10 the mask had the input's type.
/// </summary>
internal sealed class ConvertDropout : Conversion
{
    public override string OpType => OpTypes.Dropout;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (opset < 7 && node.Attributes.Int("is_test", 0) == 0)
            throw OperatorRules.Bad(node, "attribute is_test is 0, which means training mode; it is not supported");
        bool changed = Remove(node, "is_test", "ratio", "seed");
        if (opset >= 10 || node.Outputs.Count < 2 || node.Outputs[1].Length == 0)
        {
            values.Add(node);
            return changed;
        }

        string mask = node.Outputs[1], isKept = values.Fresh($"{mask}.bool");
        node.Outputs[1] = isKept;
        values.Add(node);
        values.Add(new Node(OpTypes.Cast, $"{node.Name}.mask", [isKept], [mask]).With("to", (long)values.Of(node, node.Inputs[0]).Type));
        return true;
    }
}
