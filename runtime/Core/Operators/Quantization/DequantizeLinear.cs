using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Quantization;

/// <summary>x = (q - zeroPoint) · scale from integers of 8, 16 or 32 bits, per tensor or per axis.</summary>
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
        InputType x = inputs.Required(node, 0), scale = inputs.AnyFloat(node, 1);
        if (x.Type is not (ElementType.UInt8 or ElementType.Int8 or ElementType.UInt16 or ElementType.Int16 or ElementType.Int32))
            throw OperatorRules.Bad(node, $"dequantisation of {x.Type} is not supported; UInt8, Int8, UInt16, Int16 and Int32 are");
        if (inputs.Optional(2) is { } zero && zero.Type != x.Type)
            throw OperatorRules.Bad(node, $"a zero point of type {zero.Type} for values of type {x.Type}");
        QuantizationRules.Check(node, x.Shape, scale, inputs.Optional(2));
        return [new(scale.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (q, scale, x) = (inputs[0], inputs[1], outputs[0]);
        var zero = inputs.Length > 2 ? inputs[2] : default;
        var (inner, count) = QuantizationRules.Strides(node, q.Shape, scale.Shape.ElementCount);
        int elements = x.Shape.ElementCount;
        for (int i = 0; i < elements; i++)
        {
            int channel = i / inner % count;
            // In 64 bits: s32 minus s32 may leave 32. The product is rounded in single, as everywhere.
            long steps = q.Integer(i) - (zero.IsPresent ? zero.Integer(channel) : 0);
            x.Set(i, (double)(steps * (float)scale.Number(channel)));
        }
    }
}
