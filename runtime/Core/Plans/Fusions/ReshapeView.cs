using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Flatten, Reshape, Squeeze, Unsqueeze, Identity: the same elements in the same order, so no step.</summary>
internal sealed class ReshapeView : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (!IsView(plan, node)) return false;
        plan.Forms.DeclareSameElements(node.Output, node.Inputs[0]);
        return true;
    }

    /// <summary>Whether a node needs no step.</summary>
    public static bool IsView(PlanBuilder plan, Node node)
    {
        if (!OperatorTable.TraitsOf(node).KeepsElements || node.Outputs.Exists(output => output != node.Output && output.Length > 0)) return false;
        // What is computed when the network runs has to be checked then, by the operator itself.
        return !node.Inputs.Exists(input => input != node.Inputs[0] && input.Length > 0 && plan.Graph.Constant(input) is null);
    }
}
