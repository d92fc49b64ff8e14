using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: x → Identity → y, x → Dropout → y (inference), or x → Concat → y of one input. After: readers of y read x.
/// Kept where y is an output of the network and x is an input or constant, since an output keeps its name.
/// </summary>
internal sealed class EliminateIdentity : Pass
{
    public override bool Run(Graph graph)
    {
        int before = graph.Nodes.Count;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!PassesThrough(node)) continue;
            string from = node.Inputs[0], to = node.Output;
            if (graph.IsOutput(to))
            {
                // The producer takes over the output's name.
                var producer = graph.Nodes.Find(n => n.Outputs.Contains(from));
                if (producer is null || graph.IsOutput(from)) continue;
                producer.Outputs[producer.Outputs.IndexOf(from)] = to;
                graph.Nodes.RemoveAt(i);
                graph.Redirect(from, to);
            }
            else
            {
                graph.Nodes.RemoveAt(i);
                graph.Redirect(to, from);
            }
        }

        return graph.Nodes.Count != before;
    }

    private static bool PassesThrough(Node node) => node.OpType switch
    {
        "Identity" => true,
        "Dropout" => node.Outputs.Count == 1 || node.Outputs[1].Length == 0,
        "Concat" => node.Inputs.Count == 1,
        _ => false,
    };
}
