using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// An operator that only moves elements, on quantised values: DequantizeLinear → the operator → QuantizeLinear, as the planner wants it.
/// </summary>
internal sealed class ConvertQuantizedView(string opType) : QuantizedConversion
{
    public override string OpType => opType;

    public override bool Convert(Node node, int opset, KnownValues values) => AddBetween(node, values, values.Quantization(node.Inputs[0]));
}
