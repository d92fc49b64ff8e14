using ResNetEdge.Model;

namespace ResNetEdge.Operators.Quantization;

/// <summary>
/// Quantises to u8 by the range of the values themselves, widened to hold zero. Scale (max − min) / 255 and zero point roundToEven(−min / scale) are
/// outputs too; where all values are zero, the scale is 1.
/// </summary>
internal sealed class DynamicQuantizeLinear : Operator
{
    public override string OpType => OpTypes.DynamicQuantizeLinear;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 1, 1) { Outputs = 3 }];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) =>
        [new(ElementType.UInt8, inputs.Float(node, 0).Shape), new(ElementType.Float32, Shape.Scalar), new(ElementType.UInt8, Shape.Scalar)];

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        ReadOnlySpan<float> x = inputs[0].As<float>();
        float min = 0, max = 0;
        foreach (float value in x) (min, max) = (Math.Min(min, value), Math.Max(max, value));
        float scale = min == max ? 1 : (max - min) / 255;
        float zeroPoint = Clamped(MathF.Round(Math.Clamp(-min / scale, 0, 255), MidpointRounding.ToEven));
        var q = outputs[0].Bytes;
        for (int i = 0; i < x.Length; i++) q[i] = (byte)Clamped(MathF.Round(x[i] / scale, MidpointRounding.ToEven) + zeroPoint);
        if (outputs.Length > 1 && outputs[1].IsPresent) outputs[1].Set(0, (double)scale);
        if (outputs.Length > 2 && outputs[2].IsPresent) outputs[2].Set(0, (long)zeroPoint);
    }

    // What is not a number becomes 0.
    private static float Clamped(float value) => value >= 0 ? Math.Min(value, 255) : 0;
}
