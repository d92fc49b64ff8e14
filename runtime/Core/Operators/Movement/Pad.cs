using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// Surrounds a value with a constant, its edge or its mirror image; pads are constant, before all axes first, then after. Negative pads cut.
/// </summary>
internal sealed class Pad : Operator
{
    public override string OpType => OpTypes.Pad;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    private const int MaxRank = 8;

    private static readonly string[] Modes = ["constant", "reflect", "edge"]; // operator set 19 brought "wrap", which 17 cannot say

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(2, 1, 1, Text("mode").Only(Modes), Ints("pads").Required(), Float("value")),
        new(11, 2, 3, Text("mode").Only(Modes)),
        new(18, 2, 4, Text("mode").Only(Modes)),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        string mode = node.Attributes.String("mode", "constant");
        if (inputs.Optional(3) is not null) throw OperatorRules.Bad(node, "the axes input is not supported");
        var pads = inputs.ConstantInts(node, 1);
        if (x.Shape.Rank > MaxRank || pads.Length != 2 * x.Shape.Rank)
            throw OperatorRules.Bad(node, $"{pads.Length} pads for an input of rank {x.Shape.Rank}");
        if (inputs.Optional(2) is { } value && (value.Type != x.Type || value.Shape.ElementCount != 1))
            throw OperatorRules.Bad(node, $"a padding value {value.Type}[{value.Shape}] for {x.Type}");
        var shape = new int[x.Shape.Rank];
        if (mode != "constant") CheckBorder(node, mode, x.Shape, pads);
        for (int d = 0; d < shape.Length; d++)
        {
            long size = x.Shape[d] + pads[d] + pads[d + shape.Length];
            if (size is < 0 or > Shape.MaxElements) throw OperatorRules.Bad(node, $"dimension {d} would have size {size}");
            shape[d] = (int)size;
        }

        return [new(x.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        string mode = node.Attributes.String("mode", "constant");
        int rank = x.Shape.Rank, size = x.Type.Size();
        Span<long> pads = stackalloc long[MaxRank];
        for (int d = 0; d < rank; d++) pads[d] = inputs[1].Integer(d);
        ReadOnlySpan<byte> source = x.Bytes, fill = inputs.Length > 2 && inputs[2].IsPresent ? inputs[2].Bytes : default;
        var target = y.Bytes;
        target.Clear();
        int length = rank == 0 ? 1 : y.Shape[rank - 1], from = rank == 0 ? 1 : x.Shape[rank - 1];
        long shift = rank == 0 ? 0 : pads[rank - 1];
        for (int row = 0; row * length < y.Shape.ElementCount; row++)
        {
            var line = target.Slice(row * length * size, length * size);
            int at = SourceRow(mode, row, x.Shape, y.Shape, pads);
            if (mode == "constant") CopyRow(at < 0 ? default : source.Slice(at * from * size, from * size), line, fill, shift, size);
            else
                for (int i = 0; i < length; i++)
                    source.Slice((at * from + (int)Inside(mode, i - shift, from)) * size, size).CopyTo(line[(i * size)..]);
        }
    }

    /// <summary>The row of the input that a row of the output comes from; -1 when it is all padding.</summary>
    private static int SourceRow(string mode, int row, Shape x, Shape y, ReadOnlySpan<long> pads)
    {
        int from = 0, stride = 1;
        for (int d = x.Rank - 2; d >= 0; d--)
        {
            long at = Inside(mode, row % y[d] - pads[d], x[d]);
            if (at < 0 || at >= x[d]) return -1;
            row /= y[d];
            from += (int)at * stride;
            stride *= x[d];
        }

        return from;
    }

    /// <summary>A row moved by so many elements, cut where it leaves the line, between elements that are <paramref name="fill"/> or zero.</summary>
    private static void CopyRow(ReadOnlySpan<byte> row, Span<byte> line, ReadOnlySpan<byte> fill, long shift, int size)
    {
        if (!fill.IsEmpty)
            for (int i = 0; i < line.Length; i += size) fill.CopyTo(line[i..]);
        long to = Math.Max(0, shift) * size, skip = Math.Max(0, -shift) * size, count = Math.Min(row.Length - skip, line.Length - to);
        if (count > 0) row.Slice((int)skip, (int)count).CopyTo(line[(int)to..]);
    }

    // Where a border element comes from: the edge, or its mirror image, in which the edge itself is not repeated.
    private static long Inside(string mode, long at, int size) => mode switch
    {
        "edge" => Math.Clamp(at, 0, size - 1),
        "reflect" when at < 0 => -at,
        "reflect" when at >= size => 2L * (size - 1) - at,
        _ => at,
    };

    private static void CheckBorder(Node node, string mode, Shape x, long[] pads)
    {
        for (int d = 0; d < x.Rank; d++)
            foreach (long pad in (ReadOnlySpan<long>)[pads[d], pads[d + x.Rank]])
            {
                if (pad < 0) throw OperatorRules.Bad(node, $"negative pads in mode '{mode}' are not supported");
                if (pad > 0 && (x[d] == 0 || (mode == "reflect" && pad >= x[d])))
                    throw OperatorRules.Bad(node, $"{pad} pads in mode '{mode}' on a dimension of {x[d]}");
            }
    }

    /// <summary>Whether a node fills in zeros.</summary>
    public static bool FillsZeros(Node node, Graph graph) => node.Attributes.String("mode", "constant") == "constant"
        && (node.Input(2).Length == 0 || graph.Constant(node.Input(2)) is { } padding && padding.ToFloats().All(static v => v == 0));

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        node.Attributes.String("mode", "constant") != "constant" || FillsZeros(node, graph)
            ? QuantizationRule.PassesScale
            : QuantizationRule.StaysFloat;
}
