using ResNetEdge.Model;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Flatten, Reshape, Squeeze, Unsqueeze, Identity: the same elements in the same order, so no step.</summary>
internal sealed class ReshapeView : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType is not ("Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Identity" or "Dropout")) return false;
        plan.Forms.DeclareSameElements(node.Output, node.Inputs[0]);
        return true;
    }
}
