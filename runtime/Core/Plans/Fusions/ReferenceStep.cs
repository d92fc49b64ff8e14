using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Any operator without a kernel of its own: its reference, row-major, on values in their own types. Right, and slow.</summary>
internal sealed class ReferenceStep : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.Inputs.Count > ReferenceKernel.MaxInputs) throw OperatorRules.Bad(node, $"{node.Inputs.Count} inputs; at most {ReferenceKernel.MaxInputs} are supported");
        var reads = new PlanBuffer?[node.Inputs.Count];
        for (int i = 0; i < reads.Length; i++)
            if (node.Inputs[i].Length > 0) reads[i] = plan.Demand(node.Inputs[i], plan.Info(node.Inputs[i]).Type, Layout.Plain);
        var shapes = node.Inputs.Select(v => v.Length > 0 ? plan.Info(v) : null).ToArray();
        if (node.Outputs.Count(o => o.Length > 0) != 1) throw OperatorRules.Bad(node, "more than one output is not supported");
        var info = plan.Info(node.Output);
        var output = plan.NewBuffer(node.Output, info.Type);
        plan.Append(new PlanStep(node.OpType, node.Name, [.. reads.OfType<PlanBuffer>()], output,
            _ => new ReferenceKernel(node, reads, shapes, output, info)));
        plan.Produced(node.Output, output, Layout.Plain);
        return true;
    }
}
