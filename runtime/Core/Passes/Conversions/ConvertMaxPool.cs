using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// The largest of quantised values, which quantisers leave without DequantizeLinear around it: DequantizeLinear → MaxPool → QuantizeLinear, by
/// the scale that the
/// values have, which gives the same integers.
/// </summary>
internal sealed class ConvertMaxPool : QuantizedConversion
{
    public override string OpType => OpTypes.MaxPool;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool hasIndices = node.Outputs.Count > 1, changed = !hasIndices && Remove(node, "storage_order"); // of the indices
        var x = values.Of(node, node.Inputs[0]);
        if (hasIndices || x.Type is not (ElementType.UInt8 or ElementType.Int8))
        {
            values.Add(node);
            return changed;
        }

        // Where the scale is not known, any one will do.
        var by = values.Quantization(node.Inputs[0]) ?? new(
            values.AddConstant($"{node.Name}.scale", Tensor.Scalar(1f)),
            values.AddConstant($"{node.Name}.zero_point", new Tensor(x.Type, Shape.Scalar, new byte[1])));
        return AddBetween(node, values, by) | changed;
    }
}
