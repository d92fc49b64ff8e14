using ResNetEdge.Model;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Values without elements, of which a dimension is 0. A node whose outputs are all empty runs nothing; one that reads an empty value and gives
/// others, such as a sum over nothing, is left to its reference, so that no kernel has to know of it.
/// </summary>
internal sealed class EmptyValues : Fusion
{
    private static readonly ReferenceStep Reference = new();

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (!node.Outputs.TrueForAll(v => v.Length == 0 || IsEmpty(plan, v)))
            return node.Inputs.Exists(v => v.Length > 0 && IsEmpty(plan, v)) && Reference.TryPlan(plan, node);
        foreach (string output in node.Outputs)
        {
            if (output.Length == 0) continue;
            var info = plan.Info(output);
            var buffer = plan.Steps.NewBuffer(info, info.Type);
            plan.Forms.Produced(output, buffer, Layout.Plain);
        }

        return true;
    }

    private static bool IsEmpty(PlanBuilder plan, string value) => plan.Info(value).Shape.ElementCount == 0;
}
