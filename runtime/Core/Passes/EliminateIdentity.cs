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
        bool changed = false;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
            if (PassesThrough(graph.Nodes[i])) changed |= graph.Bypass(i);
        return changed;
    }

    private static bool PassesThrough(Node node) => node.OpType switch
    {
        "Identity" => true,
        "Dropout" => node.Outputs.Count == 1 || node.Outputs[1].Length == 0,
        "Concat" => node.Inputs.Count == 1,
        _ => false,
    };
}
