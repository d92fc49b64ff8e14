using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Cuts a value into parts along an axis: equal ones, or of given lengths.</summary>
internal sealed class Split : Operator
{
    public override string OpType => OpTypes.Split;

    public override OperatorTraits Traits { get; } = new()
    {
        Elements = ElementFlow.Selected,
        Axes = AxisUse.Attribute,
        Inputs = [InputRole.Data, InputRole.Setting],
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 2, Int("axis"), Ints("split")) { Outputs = Signature.AnyNumber },
        new(2, 1, 1, Int("axis"), Ints("split")) { Outputs = Signature.AnyNumber },
        new(13, 1, 2, Int("axis")) { Outputs = Signature.AnyNumber },
        new(18, 1, 2, Int("axis"), Int("num_outputs")) { Outputs = Signature.AnyNumber },
    ];

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) => Infer(node, inputs, default);

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        var x = inputs.Required(node, 0);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank), parts = node.Outputs.Count;
        var outputs = new OutputType[parts];
        int[] shape = x.Shape.Dimensions.ToArray();
        long[]? lengths = null;
        if (inputs.Optional(1) is { } split)
        {
            OperatorRules.CheckIndices(node, split.Type);
            if (split.Shape.ElementCount != parts) throw OperatorRules.Bad(node, $"{split.Shape.ElementCount} lengths for {parts} outputs");
            lengths = split.Constant?.ToInt64s();
            if (lengths is not null) CheckSum(node, lengths, x.Shape[axis]);
        }

        for (int i = 0; i < parts; i++)
        {
            if (inputs.Optional(1) is null) shape[axis] = EqualPart(node, x.Shape[axis], parts, i);
            else if (lengths is not null) shape[axis] = (int)lengths[i];
            else
            {
                if (i >= declared.Length || declared[i] is not { } known || !FitsAround(known.Shape, x.Shape, axis))
                    throw OperatorRules.Bad(node, "input 1 must be a constant, or the file must declare the shape of every output");
                shape[axis] = known.Shape[axis];
            }

            outputs[i] = new(x.Type, OperatorRules.ShapeOf(node, shape));
        }

        return outputs;
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var x = inputs[0];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank), start = 0;
        var (outer, inner) = RowMajor.Around(x.Shape, axis);
        inner *= x.Type.Size();
        var lengths = inputs.Length > 1 ? inputs[1] : default;
        for (int i = 0; i < outputs.Length; i++)
        {
            long length = lengths.IsPresent ? lengths.Integer(i) : EqualPart(node, x.Shape[axis], outputs.Length, i);
            if (length < 0 || length > x.Shape[axis] - start) throw OperatorRules.Bad(node, $"a part of {length} from {start} on of {x.Shape[axis]}");
            if (outputs[i].IsPresent)
            {
                if (outputs[i].Shape[axis] != length)
                    throw OperatorRules.Bad(node, $"its inputs give part {i} the length {length}, but the file declares {outputs[i].Shape}");
                for (int o = 0; o < outer; o++)
                    x.Bytes.Slice((o * x.Shape[axis] + start) * inner, (int)length * inner).CopyTo(outputs[i].Bytes[(o * (int)length * inner)..]);
            }

            start += (int)length;
        }

        if (start != x.Shape[axis]) throw OperatorRules.Bad(node, $"parts of {start} in all of a dimension of {x.Shape[axis]}");
    }

    /// <summary>Since operator set 18 the last part may be shorter; before, all are equal.</summary>
    private static int EqualPart(Node node, int size, int parts, int part)
    {
        if (node.Attributes.Int("num_outputs", parts) != parts)
            throw OperatorRules.Bad(node, $"num_outputs is {node.Attributes.Int("num_outputs", parts)}, but it has {parts} outputs");
        if (size % parts == 0) return size / parts;
        if (!node.Attributes.Has("num_outputs")) throw OperatorRules.Bad(node, $"a dimension of {size} does not divide into {parts} equal parts");
        int chunk = (size + parts - 1) / parts;
        return Math.Clamp(size - part * chunk, 0, chunk);
    }

    private static void CheckSum(Node node, long[] lengths, int size)
    {
        long sum = 0;
        bool fits = true;
        foreach (long length in lengths) fits = fits && length >= 0 && (sum += length) <= size;
        if (!fits || sum != size) throw OperatorRules.Bad(node, $"parts of {string.Join(", ", lengths)} of a dimension of {size}");
    }

    private static bool FitsAround(Shape part, Shape x, int axis)
    {
        bool fits = part.Rank == x.Rank;
        for (int d = 0; fits && d < x.Rank; d++) fits = d == axis || part[d] == x[d];
        return fits;
    }
}
