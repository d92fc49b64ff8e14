using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// Surrounds a value with a constant, its edge, its mirror image or itself; pads are given before all axes first, then after. Negative pads cut.
/// </summary>
internal sealed class Pad : ShapedByValues
{
    public override string OpType => OpTypes.Pad;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    private static readonly string[] Modes = ["constant", "reflect", "edge"];

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Text("mode").Only(Modes), Ints("paddings").Required(), Float("value")),
        new(2, 1, 1, Text("mode").Only(Modes), Ints("pads").Required(), Float("value")),
        new(11, 2, 3, Text("mode").Only(Modes)),
        new(18, 2, 4, Text("mode").Only(Modes)) { IsKept = true },
        new(19, 2, 4, Text("mode").Only([.. Modes, "wrap"])) { IsKept = true },
    ];

    /// <summary>Whether a node fills in zeros.</summary>
    public static bool FillsZeros(Node node, Graph graph) => node.Attributes.String("mode", "constant") == "constant"
        && (node.Input(2).Length == 0 || graph.Constant(node.Input(2)) is { } padding && padding.ToFloats().All(static v => v == 0));

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        node.Attributes.String("mode", "constant") != "constant" || FillsZeros(node, graph)
            ? QuantizationRule.PassesScale
            : QuantizationRule.StaysFloat;

    protected override bool GivesShape(int input) => input is 1 or 3;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (inputs.Optional(2) is { } value && (value.Type != x.Type || value.Shape.ElementCount != 1))
            throw OperatorRules.Bad(node, $"a padding value {value.Type}[{value.Shape}] for {x.Type}");
        return x.Type;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var x = inputs[0].Shape;
        Span<long> pads = stackalloc long[2 * MaxRank];
        ReadPads(node, inputs, pads);
        for (int d = 0; d < x.Rank; d++)
        {
            shape[d] = x[d] + pads[d] + pads[d + MaxRank];
            if (shape[d] < 0) throw OperatorRules.Bad(node, $"dimension {d} would have size {shape[d]}");
        }

        return x.Rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        Span<long> pads = stackalloc long[2 * MaxRank];
        ReadPads(node, inputs, pads);
        string mode = node.Attributes.String("mode", "constant");
        if (mode != "constant") Borders.Fill(x, y, pads, mode);
        else FillConstant(x, y, pads, inputs.Length > 2 && inputs[2].IsPresent ? inputs[2].Bytes : default);
    }

    private static void FillConstant(TensorView x, TensorView y, ReadOnlySpan<long> pads, ReadOnlySpan<byte> value)
    {
        var target = y.Bytes;
        if (value.IndexOfAnyExcept((byte)0) < 0) target.Clear();
        else
            for (int at = 0; at < target.Length; at += value.Length) value.CopyTo(target[at..]);
        var box = new StridedBox(x.Type.Size());
        long from = 0, to = 0;
        for (int d = 0; d < x.Shape.Rank; d++)
        {
            long skipped = Math.Max(0, -pads[d]), offset = Math.Max(0, pads[d]);
            from += skipped * RowMajor.Stride(x.Shape, d);
            to += offset * RowMajor.Stride(y.Shape, d);
            long length = Math.Max(0, Math.Min(x.Shape[d] - skipped, y.Shape[d] - offset));
            box.Add(length, RowMajor.Stride(x.Shape, d), RowMajor.Stride(y.Shape, d));
        }

        box.Copy(x.Bytes, from, target, to);
    }

    // Before dimension d at [d], after it at [d + MaxRank].
    private static void ReadPads(Node node, ReadOnlySpan<TensorView> inputs, Span<long> pads)
    {
        var (x, given) = (inputs[0].Shape, inputs[1]);
        bool hasAxes = inputs.Length > 3 && inputs[3].IsPresent;
        int count = hasAxes ? inputs[3].Shape.ElementCount : x.Rank;
        string mode = node.Attributes.String("mode", "constant");
        if (given.Shape.ElementCount != 2 * count)
            throw OperatorRules.Bad(node, $"{given.Shape.ElementCount} pads for {count} axes of an input of rank {x.Rank}");
        pads.Clear();
        Span<bool> isGiven = stackalloc bool[MaxRank];
        isGiven.Clear();
        for (int i = 0; i < count; i++)
        {
            int axis = hasAxes ? OperatorRules.Axis(node, inputs[3].Integer(i), x.Rank) : i;
            if (isGiven[axis]) throw OperatorRules.Bad(node, $"axis {axis} is given twice");
            isGiven[axis] = true;
            pads[axis] = Checked(node, given.Integer(i), mode, x[axis]);
            pads[axis + MaxRank] = Checked(node, given.Integer(i + count), mode, x[axis]);
        }
    }

    private static long Checked(Node node, long pad, string mode, int size)
    {
        if (pad is < -Shape.MaxElements or > Shape.MaxElements) throw OperatorRules.Bad(node, $"{pad} pads");
        if (mode == "constant") return pad;
        if (pad < 0) throw OperatorRules.Bad(node, $"negative pads in mode '{mode}' are not supported");
        if (pad > 0 && (size == 0 || (mode == "reflect" && pad >= size)))
            throw OperatorRules.Bad(node, $"{pad} pads in mode '{mode}' on a dimension of {size}");
        return pad;
    }
}
