using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Quantization;

/// <summary>
/// q = clamp(roundToEven(x / scale) + zeroPoint) to u8 or s8, per tensor or per axis. Jacob et al., arXiv:1712.05877.
/// </summary>
internal sealed class QuantizeLinear : Operator
{
    public override string OpType => OpTypes.QuantizeLinear;

    public override OperatorTraits Traits { get; } = new()
    {
        Elements = ElementFlow.Converted,
        Inputs = [InputRole.Data, InputRole.Setting],
        Axes = AxisUse.None,
        IsQuantization = true,
        ReadsChannelsInnermost = true,
    };

    private static readonly AttributeRule OutputDtype = Int("output_dtype").Only(0L, (long)ElementType.UInt8, (long)ElementType.Int8);

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(10, 2, 3),
        new(13, 2, 3, Int("axis")),
        new(19, 2, 3, Int("axis"), Int("saturate")), // of 8-bit floats, which are not supported
        new(21, 2, 3, Int("axis"), Int("saturate"), Int("block_size").Only(0L), OutputDtype),
        new(23, 2, 3, Int("axis"), Int("saturate"), Int("block_size").Only(0L), OutputDtype, Int("precision").Only(0L, (long)ElementType.Float32)),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Float(node, 0), scale = inputs.Float(node, 1);
        var type = inputs.Optional(2)?.Type ?? ElementType.UInt8;
        if (type is not (ElementType.UInt8 or ElementType.Int8))
            throw OperatorRules.Bad(node, $"quantisation to {type}; UInt8 and Int8 are supported");
        QuantizationRules.Check(node, x.Shape, scale, inputs.Optional(2));
        return [new(type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        ReadOnlySpan<float> x = inputs[0].As<float>(), scale = inputs[1].As<float>();
        var zero = inputs.Length > 2 ? inputs[2] : default;
        var (inner, count) = QuantizationRules.Strides(node, inputs[0].Shape, scale.Length);
        bool signed = outputs[0].Type == ElementType.Int8;
        var bytes = outputs[0].Bytes;
        for (int i = 0; i < x.Length; i++)
        {
            int channel = i / inner % count;
            int z = !zero.IsPresent ? 0 : signed ? zero.As<sbyte>()[channel] : zero.As<byte>()[channel];
            float f = MathF.Round(x[i] / scale[channel], MidpointRounding.ToEven) + z;
            // NaN has no quantised value; it becomes the lower bound, as the vector instructions have it.
            bytes[i] = signed ? (byte)(sbyte)(f >= -128 ? Math.Min(f, 127) : -128) : (byte)(f >= 0 ? Math.Min(f, 255) : 0);
        }
    }
}
