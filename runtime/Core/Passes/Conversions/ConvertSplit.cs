using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Lengths that were an attribute (before 13), or a number of parts of which the last may be shorter (since 18): in opset 17 lengths are an input.
/// </summary>
internal sealed class ConvertSplit : Conversion
{
    public override string OpType => OpTypes.Split;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool changed = AttributesToInputs.Move(node, values, "split");
        if (node.Attributes.Has("num_outputs"))
        {
            long parts = node.Attributes.Int("num_outputs", 0);
            if (parts != node.Outputs.Count) throw OperatorRules.Bad(node, $"num_outputs is {parts}, but it has {node.Outputs.Count} outputs");
            if (node.Input(1).Length > 0) throw OperatorRules.Bad(node, "it has both num_outputs and lengths");
            var shape = values.Of(node, node.Inputs[0]).Shape;
            int size = shape[OperatorRules.Axis(node, node.Attributes.Int("axis", 0), shape.Rank)];
            long chunk = (size + parts - 1) / parts;
            long[] lengths = [.. Enumerable.Range(0, node.Outputs.Count).Select(i => Math.Clamp(size - i * chunk, 0, chunk))];
            if (size % parts != 0) SetInput(node, 1, values.AddConstant($"{node.Name}.split", Tensor.Vector<long>(lengths)));
            changed |= Remove(node, "num_outputs");
        }

        values.Add(node);
        return changed;
    }
}
