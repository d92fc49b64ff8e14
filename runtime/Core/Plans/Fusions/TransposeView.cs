using ResNetEdge.Model;
using ResNetEdge.Operators.Movement;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Transpose: the same elements with their axes in another order. A step reads them as they lie where it can, so that a picture with its channels
/// innermost is what a Transpose to rows of channels asks for; elements are moved only for a reader that needs them otherwise.
/// </summary>
internal sealed class TransposeView : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Transpose) return false;
        plan.Forms.DeclareTransposed(node.Output, node.Inputs[0], Transpose.Permutation(node, plan.Info(node.Output).Shape.Rank));
        return true;
    }
}
