using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>How many are wanted as an attribute (before 10): an input since.</summary>
internal sealed class ConvertTopK : Conversion
{
    public override string OpType => OpTypes.TopK;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool isOld = node.Attributes.Has("k");
        if (isOld) SetInput(node, 1, values.AddConstant($"{node.Name}.k", Tensor.Vector(node.Attributes.Int("k", 0))));
        Remove(node, "k");
        values.Add(node);
        return isOld;
    }
}
