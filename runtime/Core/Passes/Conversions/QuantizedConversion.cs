using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// An operator on quantised values, said as DequantizeLinear → the operator → QuantizeLinear, which the planner computes in integers again.
/// ONNX Runtime's own operators are described in its docs/ContribOperators.md.
/// </summary>
internal abstract class QuantizedConversion : Conversion
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    protected const string OnnxRuntime = "com.microsoft";

    /// <summary>Adds a DequantizeLinear and returns its output.</summary>
    /// <param name="node">For whom.</param>
    /// <param name="values">Gets the node.</param>
    /// <param name="x">Quantised value.</param>
    /// <param name="scale">One number, or one for each index of <paramref name="axis"/>.</param>
    /// <param name="zeroPoint">As many; empty for zeros.</param>
    /// <param name="axis">Of several scales.</param>
    protected static string Dequantize(Node node, KnownValues values, string x, string scale, string zeroPoint, int axis = 1)
    {
        string name = values.Fresh($"{x}.dequantized");
        var dequantize = new Node(OpTypes.DequantizeLinear, name, Inputs(x, scale, zeroPoint), [name]);
        values.Add(WithAxis(node, values, dequantize, scale, axis));
        return name;
    }

    /// <summary>Adds a QuantizeLinear; parameters as in <see cref="Dequantize"/>.</summary>
    protected static void Quantize(Node node, KnownValues values, string x, string scale, string zeroPoint, string output, int axis = 1)
    {
        var quantize = new Node(OpTypes.QuantizeLinear, values.Fresh($"{node.Name}.quantize"), Inputs(x, scale, zeroPoint), [output]);
        values.Add(WithAxis(node, values, quantize, scale, axis));
    }

    /// <summary>
    /// Adds an operator that gives only values it was given: on quantised ones between DequantizeLinear and QuantizeLinear of the same scale,
    /// which gives the same integers.
    /// </summary>
    /// <returns>Whether the value was quantised.</returns>
    protected static bool AddBetween(Node node, KnownValues values, QuantizedBy? by)
    {
        if (by is null || values.Of(node, by.Scale).Shape.ElementCount != 1)
        {
            values.Add(node);
            return false;
        }

        string output = node.Output, made = values.Fresh($"{node.Name}.float");
        node.Inputs[0] = Dequantize(node, values, node.Inputs[0], by.Scale, by.ZeroPoint);
        node.Outputs[0] = made;
        values.Add(node);
        Quantize(node, values, made, by.Scale, by.ZeroPoint, output);
        return true;
    }

    private static string[] Inputs(string x, string scale, string zeroPoint) => zeroPoint.Length > 0 ? [x, scale, zeroPoint] : [x, scale];

    private static Node WithAxis(Node node, KnownValues values, Node added, string scale, int axis) =>
        values.Of(node, scale).Shape.ElementCount == 1 ? added : added.With("axis", (long)axis);
}
