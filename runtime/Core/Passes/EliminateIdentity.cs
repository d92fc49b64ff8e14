using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: x → Identity → y, x → Dropout → y (inference), or x → Concat → y of one input. After: readers of y read x.
/// Kept where y is an output of the network and x is an input or constant, since an output keeps its name.
/// </summary>
internal sealed class EliminateIdentity : Pass
{
    public override bool Run(Graph graph) => Bypasses.Run(graph, PassesThrough);

    private static bool PassesThrough(Node node) => node.OpType switch
    {
        "Identity" => true,
        "Dropout" => node.Outputs.Count == 1 || node.Outputs[1].Length == 0,
        "Concat" => node.Inputs.Count == 1,
        _ => false,
    };
}
