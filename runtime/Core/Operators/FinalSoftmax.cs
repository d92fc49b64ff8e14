using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Tells networks whose output is probabilities from those that leave the Softmax to whoever reads their logits.</summary>
internal static class FinalSoftmax
{
    /// <summary>Whether a network's first output is a Softmax's, maybe reshaped, cast or quantised since.</summary>
    public static bool IsIn(Graph graph)
    {
        if (graph.Outputs is not [{ Name: var value }, ..]) return false;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!node.Outputs.Contains(value)) continue;
            if (node.OpType == OpTypes.Softmax) return true;
            if (OperatorTable.TraitsOf(node) is not { Elements: ElementFlow.Kept or ElementFlow.Converted }) return false;
            value = node.Input(0);
        }

        return false;
    }
}
