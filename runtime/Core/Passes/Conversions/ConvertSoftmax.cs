using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Before opset 13, Softmax(axis) flattened everything from that axis on and normalised over all of it: Flatten → Softmax → Reshape. LogSoftmax and
/// Hardmax did the same.
/// </summary>
internal sealed class ConvertSoftmax(string opType) : Conversion
{
    private const int LastFlattening = 12;

    public override string OpType => opType;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (opset > LastFlattening)
        {
            values.Add(node);
            return false;
        }

        var shape = values.Of(node, node.Inputs[0]).Shape;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 1), shape.Rank);
        node.Attributes["axis"] = -1L;
        if (axis == shape.Rank - 1 || shape.ElementCount == 0)
        {
            values.Add(node);
            return true;
        }

        string output = node.Output, flat = values.Fresh($"{node.Name}.flat"), soft = values.Fresh($"{node.Name}.soft");
        string target = values.AddConstant($"{node.Name}.shape", Tensor.Vector<long>([.. shape.Dimensions.ToArray().Select(static d => (long)d)]));
        values.Add(new Node(OpTypes.Flatten, flat, [node.Inputs[0]], [flat]).With("axis", (long)axis));
        (node.Inputs[0], node.Outputs[0]) = (flat, soft);
        values.Add(node);
        values.Add(new Node(OpTypes.Reshape, $"{node.Name}.unflatten", [soft, target], [output]));
        return true;
    }
}
