using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Tells networks whose output is probabilities from those that leave the Softmax to whoever reads their logits.</summary>
internal static class FinalSoftmax
{
    /// <summary>Whether a network's first output is a Softmax's, maybe reshaped or quantised since.</summary>
    public static bool IsIn(Graph graph)
    {
        if (graph.Outputs is not [{ Name: var value }, ..]) return false;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!node.Outputs.Contains(value)) continue;
            if (node.OpType == "Softmax") return true;
            if (node.OpType is not ("Identity" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "QuantizeLinear" or "DequantizeLinear"))
                return false;
            value = node.Input(0);
        }

        return false;
    }
}
