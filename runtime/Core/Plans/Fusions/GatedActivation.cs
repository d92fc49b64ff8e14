using ResNetEdge.Model;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Nodes that together are a function of one number, such as x · sigmoid(x), as one step, which stands where the last of them stood. Where x is
/// quantised and so is the result, it is a table that the nodes themselves fill.
/// </summary>
internal sealed class GatedActivation : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (plan.Activations.Of(node) is not { } form) return false;
        if (node != form.Last) return true;
        if (plan.View(form.Input) is { } view && plan.EpilogueOf(node.Output) is { Activation: null, Quantized: { } quantized })
            UnaryActivation.AppendInt8(plan, form.Name, node, form.Evaluate(plan.Index, UnaryActivation.Steps(view)), view, quantized);
        else
            UnaryActivation.AppendFp32(plan, form.Name, node, form.Function, form.Input);
        return true;
    }
}
