using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Flatten, Reshape, Squeeze, Unsqueeze, Identity: the same elements in the same order, so no step.</summary>
internal sealed class ReshapeView : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (!OperatorTable.TraitsOf(node).KeepsElements) return false;
        plan.Forms.DeclareSameElements(node.Output, node.Inputs[0]);
        return true;
    }
}
