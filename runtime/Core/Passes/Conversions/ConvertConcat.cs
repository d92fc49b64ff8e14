using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>Before operator set 4 the axis was 1 unless said otherwise; since then it is always said.</summary>
internal sealed class ConvertConcat : Conversion
{
    public override string OpType => OpTypes.Concat;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool changed = !node.Attributes.Has("axis");
        if (changed) node.Attributes["axis"] = 1L;
        values.Add(node);
        return changed;
    }
}
