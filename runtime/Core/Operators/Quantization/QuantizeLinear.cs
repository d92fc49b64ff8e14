using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Quantization;

/// <summary>
/// q = clamp(roundToEven(x / scale) + zeroPoint) to integers of 8 or 16 bits, per tensor or per axis. Jacob et al., arXiv:1712.05877.
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

    private static readonly AttributeRule OutputDtype = Int("output_dtype").Only(
        0L, (long)ElementType.UInt8, (long)ElementType.Int8, (long)ElementType.UInt16, (long)ElementType.Int16);

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
        InputType x = inputs.Required(node, 0), scale = inputs.AnyFloat(node, 1);
        if (!x.Type.IsFloat() && x.Type != ElementType.Int32) throw OperatorRules.Bad(node, $"input 0 is {x.Type}, which is not supported there");
        var type = inputs.Optional(2)?.Type ?? ElementType.UInt8;
        if (type is not (ElementType.UInt8 or ElementType.Int8 or ElementType.UInt16 or ElementType.Int16))
            throw OperatorRules.Bad(node, $"quantisation to {type} is not supported; UInt8, Int8, UInt16 and Int16 are");
        QuantizationRules.Check(node, x.Shape, scale, inputs.Optional(2));
        return [new(type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, scale, q) = (inputs[0], inputs[1], outputs[0]);
        var zero = inputs.Length > 2 ? inputs[2] : default;
        var (inner, count) = QuantizationRules.Strides(node, x.Shape, scale.Shape.ElementCount);
        var (low, high) = QuantizationRules.Range(q.Type);
        int elements = q.Shape.ElementCount;
        for (int i = 0; i < elements; i++)
        {
            int channel = i / inner % count;
            float steps = MathF.Round((float)x.Number(i) / (float)scale.Number(channel), MidpointRounding.ToEven);
            float f = steps + (zero.IsPresent ? zero.Integer(channel) : 0);
            // NaN has no quantised value; it becomes the lower bound, as the vector instructions have it.
            q.Set(i, f >= low ? (long)Math.Min(f, high) : low);
        }
    }
}
