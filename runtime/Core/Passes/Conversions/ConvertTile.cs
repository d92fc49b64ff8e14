using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>Before operator set 6 a Tile repeated one axis; since then it has a number for every axis.</summary>
internal sealed class ConvertTile : Conversion
{
    public override string OpType => OpTypes.Tile;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (opset < 6)
        {
            long[] repeats = new long[values.Of(node, node.Inputs[0]).Shape.Rank];
            Array.Fill(repeats, 1);
            repeats[OperatorRules.Axis(node, Number(node, 2, values), repeats.Length)] = Number(node, 1, values);
            node.Inputs[1] = values.AddConstant($"{node.Name}.repeats", Tensor.Vector<long>(repeats));
            node.Inputs.RemoveAt(2);
        }

        values.Add(node);
        return opset < 6;
    }

    private static long Number(Node node, int input, KnownValues values) =>
        values.Constant(node.Inputs[input]) is { Shape.ElementCount: 1 } constant
            ? (long)constant.ToFloats()[0]
            : throw OperatorRules.Bad(node, $"input {input} must be a constant number");
}
