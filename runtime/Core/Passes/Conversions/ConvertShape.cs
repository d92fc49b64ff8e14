using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// The shape of a value, by which exporters flatten a batch whose size they do not know: a constant, since here every shape is known. Since opset
/// 15 a part of it
/// may be asked for.
/// </summary>
internal sealed class ConvertShape : Conversion
{
    /// <summary>ONNX's name of it.</summary>
    public const string Operator = "Shape";

    public override string OpType => Operator;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1),
        new(15, 1, 1, Int("end"), Int("start")),
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var shape = values.Of(node, node.Inputs[0]).Shape;
        int from = At(node.Attributes.Int("start", 0), shape.Rank), to = At(node.Attributes.Int("end", shape.Rank), shape.Rank);
        var constant = Tensor.Vector<long>([.. shape.Dimensions[from..Math.Max(from, to)].ToArray().Select(static d => (long)d)]);
        Give(node, values, constant);
        return true;
    }

    /// <summary>Puts a constant in the place of a node.</summary>
    public static void Give(Node node, KnownValues values, Tensor constant)
    {
        string output = node.Output;
        if (!values.IsOutput(output)) values.Define(output, constant);
        else values.Add(new Node(OpTypes.Identity, node.Name, [values.AddConstant($"{output}.value", constant)], [output]));
    }

    // An axis, counted from either end, that may lie outside.
    private static int At(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
}
