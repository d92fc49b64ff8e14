using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: x → Identity → y, x → Dropout → y (inference), or x → Concat → y of one input. After: readers of y read x.
/// Kept where y is an output of the network and x is an input or constant, since an output keeps its name.
/// </summary>
internal sealed class EliminateIdentity : Pass
{
    public override bool Run(Graph graph) => Bypasses.Run(graph, static node => OperatorTable.Find(node)?.IsIdentity(node) == true);
}
