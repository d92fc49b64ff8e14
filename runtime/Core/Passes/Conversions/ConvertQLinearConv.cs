using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>x, scale, zero point, w, scale, zero point, y's scale, zero point[, bias in steps of x's scale times w's].</summary>
internal sealed class ConvertQLinearConv : QuantizedConversion
{
    public override string OpType => "QLinearConv";

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(10, 8, 9, Text("auto_pad"), Ints("dilations"), Int("group"), Ints("kernel_shape"), Ints("pads"), Ints("strides"))];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string x = Dequantize(node, values, node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        string w = Dequantize(node, values, node.Inputs[3], node.Inputs[4], node.Inputs[5], axis: 0);
        string made = values.Fresh($"{node.Name}.float");
        var conv = new Node(OpTypes.Conv, node.Name, [x, w], [made]) { Attributes = node.Attributes };
        if (node.Input(8).Length > 0) conv.Inputs.Add(Dequantize(node, values, node.Inputs[8], BiasScale(node, values, 1, 4), "", axis: 0));
        values.Add(conv);
        Quantize(node, values, made, node.Inputs[6], node.Inputs[7], node.Output);
        return true;
    }

    /// <summary>The product of two scales, the second of which may be one for each output; computed by the network where they are.</summary>
    /// <exception cref="EdgeException">Exit 3: scales that are not floats, or several of the first.</exception>
    internal static string BiasScale(Node node, KnownValues values, int first, int second, float factor = 1)
    {
        var (x, w) = (Scale(node, values, first), Scale(node, values, second));
        if (x.Constant is not { } a || w.Constant is not { } b)
        {
            if (factor != 1) throw OperatorRules.Bad(node, $"inputs {first} and {second}, scales, must be constants");
            string name = values.Fresh($"{node.Name}.bias_scale");
            values.Add(new Node(OpTypes.Mul, name, [node.Inputs[first], node.Inputs[second]], [name]));
            return name;
        }

        if (a.Shape.ElementCount != 1) throw OperatorRules.Bad(node, $"input {first} has {a.Shape.ElementCount} scales where one is expected");
        float[] product = [.. b.As<float>().ToArray().Select(s => a.As<float>()[0] * s * factor)];
        return values.AddConstant($"{node.Name}.bias_scale", product.Length == 1 ? Tensor.Scalar(product[0]) : Tensor.Vector<float>(product));
    }

    private static InputType Scale(Node node, KnownValues values, int input) =>
        values.Of(node, node.Inputs[input]) is { Type: ElementType.Float32 } scale
            ? scale
            : throw OperatorRules.Bad(node, $"input {input}, a scale, is not Float32, which is not supported");
}
