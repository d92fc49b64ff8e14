using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Quantization;

/// <summary>x = (q - zeroPoint) · scale from u8, s8 or s32, per tensor or per axis.</summary>
internal sealed class DequantizeLinear : Operator
{
    public override string OpType => OpTypes.DequantizeLinear;

    public override OperatorTraits Traits { get; } = new()
    {
        Elements = ElementFlow.Converted,
        Inputs = [InputRole.Data, InputRole.Setting],
        Axes = AxisUse.None,
        IsQuantization = true,
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(10, 2, 3),
        new(13, 2, 3, Int("axis")),
        new(21, 2, 3, Int("axis"), Int("block_size").Only(0L)),
        new(23, 2, 3, Int("axis"), Int("block_size").Only(0L), Int("output_dtype").Only(0L, (long)ElementType.Float32)),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (x.Type is not (ElementType.UInt8 or ElementType.Int8 or ElementType.Int32))
            throw OperatorRules.Bad(node, $"dequantisation of {x.Type}; UInt8, Int8 and Int32 are supported");
        if (inputs.Optional(2) is { } zero && zero.Type != x.Type)
            throw OperatorRules.Bad(node, $"a zero point of type {zero.Type} for values of type {x.Type}");
        QuantizationRules.Check(node, x.Shape, inputs.Float(node, 1), inputs.Optional(2));
        return [new(ElementType.Float32, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        ReadOnlySpan<float> scale = inputs[1].As<float>();
        var zero = inputs.Length > 2 ? inputs[2] : default;
        var (inner, count) = QuantizationRules.Strides(node, inputs[0].Shape, scale.Length);
        var y = outputs[0].As<float>();
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i / inner % count;
            // In 64 bits: s32 minus s32 may leave 32.
            long q = Element(inputs[0], i) - (zero.IsPresent ? Element(zero, channel) : 0L);
            y[i] = q * scale[channel];
        }
    }

    private static long Element(in TensorView view, int index) => view.Type switch
    {
        ElementType.UInt8 => view.As<byte>()[index],
        ElementType.Int8 => view.As<sbyte>()[index],
        _ => view.As<int>()[index],
    };
}
