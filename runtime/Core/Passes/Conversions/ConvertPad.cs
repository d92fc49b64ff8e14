using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Pads that were attributes (before 11), and pads of some axes only (since 18): in opset 17 they are an input with two numbers for every axis. Only
/// axes or pads that are computed stay as they are.
/// </summary>
internal sealed class ConvertPad : Conversion
{
    public override string OpType => OpTypes.Pad;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool changed = AttributesToInputs.Move(node, values, opset < 2 ? "paddings" : "pads", "value");
        if (node.Input(3).Length > 0 && values.Constant(node.Inputs[3]) is not null && values.Constant(node.Inputs[1]) is not null)
        {
            int rank = values.Of(node, node.Inputs[0]).Shape.Rank;
            long[] pads = Integers(node, 1, values), axes = Integers(node, 3, values), all = new long[2 * rank];
            if (pads.Length != 2 * axes.Length) throw OperatorRules.Bad(node, $"{pads.Length} pads for {axes.Length} axes");
            var given = new bool[rank];
            for (int i = 0; i < axes.Length; i++)
            {
                int axis = OperatorRules.Axis(node, axes[i], rank);
                if (given[axis]) throw OperatorRules.Bad(node, $"axis {axes[i]} is given twice");
                given[axis] = true;
                (all[axis], all[rank + axis]) = (pads[i], pads[axes.Length + i]);
            }

            node.Inputs[1] = values.AddConstant($"{node.Name}.pads", Tensor.Vector<long>(all));
            node.Inputs.RemoveRange(3, node.Inputs.Count - 3);
            if (node.Inputs[2].Length == 0) node.Inputs.RemoveAt(2);
            changed = true;
        }

        values.Add(node);
        return changed;
    }
}
