using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// The shape of a value, by which exporters flatten a batch whose size they do not know: a constant, since here every shape is known. Since opset 15 a part of it
/// may be asked for.
/// </summary>
internal sealed class ConvertShape : Conversion
{
    public override string OpType => "Shape";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1),
        new(15, 1, 1, Int("end"), Int("start")),
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var shape = values.Of(node, node.Inputs[0]).Shape;
        long start = node.Attributes.Int("start", 0), end = node.Attributes.Int("end", shape.Rank);
        int from = (int)Math.Clamp(start < 0 ? start + shape.Rank : start, 0, shape.Rank), to = (int)Math.Clamp(end < 0 ? end + shape.Rank : end, 0, shape.Rank);
        var constant = Tensor.Vector<long>([.. shape.Dimensions[from..Math.Max(from, to)].ToArray().Select(static d => (long)d)]);
        if (values.IsOutput(node.Output)) values.Add(new Node("Identity", node.Name, [values.AddConstant($"{node.Name}.value", constant)], node.Outputs));
        else values.Define(node.Output, constant);
        return true;
    }
}
