using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>
/// From an axis on, all elements with one mean and variance: y = (x - mean) / sqrt(variance + epsilon) · scale + bias; further outputs are the
/// mean and 1 / sqrt(variance + epsilon). Ba, Kiros and Hinton, arXiv:1607.06450. Whatever <c>stash_type</c> says, it is computed in double and
/// rounded once.
/// </summary>
internal sealed class LayerNormalization : Operator
{
    /// <summary>ONNX's default.</summary>
    public const float DefaultEpsilon = 1e-5f;

    public override string OpType => OpTypes.LayerNormalization;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Trained] };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(17, 2, 3, Int("axis"), Float("epsilon"), Int("stash_type").Only((long)ElementType.Float32, (long)ElementType.BFloat16)) { Outputs = 3 },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        Spread.Check(node, x.Shape, inputs.AnyFloat(node, 1).Shape, 1);
        if (inputs.Optional(2) is not null) Spread.Check(node, x.Shape, inputs.AnyFloat(node, 2).Shape, 2);
        int[] shape = x.Shape.Dimensions.ToArray();
        Array.Fill(shape, 1, axis, shape.Length - axis);
        var stash = (ElementType)node.Attributes.Int("stash_type", (long)ElementType.Float32);
        return [new(x.Type, x.Shape), new(stash, new Shape(shape)), new(stash, new Shape(shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0], bias = inputs.Length > 2 ? inputs[2] : default;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank), each = NormalizationRules.CountBehind(x.Shape, axis - 1);
        double epsilon = node.Attributes.Float("epsilon", DefaultEpsilon);
        for (int first = 0, line = 0; first < x.Shape.ElementCount; first += each, line++)
        {
            var (mean, variance) = Moments.Of(x, first, each);
            double factor = 1 / Math.Sqrt(variance + epsilon);
            Write(outputs, 1, line, mean);
            Write(outputs, 2, line, factor);
            for (int i = first; i < first + each; i++)
            {
                double scaled = (x.Number(i) - mean) * factor * inputs[1].Number(Spread.Offset(inputs[1].Shape, x.Shape, i));
                y.Set(i, bias.IsPresent ? scaled + bias.Number(Spread.Offset(bias.Shape, x.Shape, i)) : scaled);
            }
        }
    }

    private static void Write(ReadOnlySpan<TensorView> outputs, int output, int index, double value)
    {
        if (output < outputs.Length && outputs[output].IsPresent) outputs[output].Set(index, value);
    }
}
