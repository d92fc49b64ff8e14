using ResNetEdge.Model;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Nodes that together are a function of one number, such as x · sigmoid(x), as one step, which stands where the last of them stood.
/// </summary>
internal sealed class GatedActivation : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (plan.Activations.Of(node) is not { } form) return false;
        if (node == form.Last) UnaryActivation.AppendFp32(plan, form.Name, node, form.Function, form.Input);
        return true;
    }
}
