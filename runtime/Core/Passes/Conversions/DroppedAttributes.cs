using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>Attributes that opset 17 does not know and that say nothing with the values that the operator's signature lets pass.</summary>
internal sealed class DroppedAttributes(string opType, params string[] attributes) : Conversion
{
    public override string OpType => opType;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool changed = Remove(node, attributes);
        values.Add(node);
        return changed;
    }
}
