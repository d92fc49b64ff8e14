using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Any operator without a kernel of its own: its reference, row-major, on values in their own types. Right, and slow.</summary>
internal sealed class ReferenceStep : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (Math.Max(node.Inputs.Count, node.Outputs.Count) > ReferenceProblem.MaxValues)
        {
            string values = $"{node.Inputs.Count} inputs and {node.Outputs.Count} outputs";
            throw OperatorRules.Bad(node, $"{values}; at most {ReferenceProblem.MaxValues} of each are supported");
        }

        PlanBuffer?[] reads = [.. node.Inputs.Select(v => v.Length > 0 ? plan.Demand(v, plan.Info(v).Type, Layout.Plain) : null)];
        PlanBuffer?[] writes = [.. node.Outputs.Select(v => v.Length > 0 ? plan.Steps.NewBuffer(plan.Info(v), plan.Info(v).Type) : null)];
        plan.Append(new PlanStep(node.OpType, node.Name, new ReferenceProblem
        {
            Node = node,
            Inputs = Values(plan, node.Inputs, reads),
            Outputs = Values(plan, node.Outputs, writes),
        }, [.. reads.OfType<PlanBuffer>()], [.. writes.OfType<PlanBuffer>()]));
        for (int i = 0; i < writes.Length; i++)
            if (writes[i] is { } output) plan.Forms.Produced(node.Outputs[i], output, Layout.Plain);
        return true;
    }

    private static ReferenceValue?[] Values(PlanBuilder plan, List<string> names, PlanBuffer?[] buffers) =>
        [.. buffers.Select((buffer, i) => buffer is null ? null : new ReferenceValue(plan.Info(names[i]), buffer.Inside.Offset))];
}
