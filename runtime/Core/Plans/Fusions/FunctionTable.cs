using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// DQ → functions → Q, however many and however they branch, as one table of 256 bytes. It keeps whatever layout its input has.
/// </summary>
internal sealed class FunctionTable : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (plan.Chains.IsInside(node)) return true;
        if (plan.Chains.EndingWith(node) is not { } chain || plan.Info(node.Output).Shape.ElementCount == 0) return false;
        Append(plan, node, chain.Operation, chain.Source, plan.Chains.Tabulate(chain));
        return true;
    }

    /// <summary>Appends the step that looks up each element of a quantised value and stores the form that the node's readers want.</summary>
    public static void Append(PlanBuilder plan, Node node, string operation, QuantizedView source, byte[] table)
    {
        var layout = plan.Forms.Natural(source.Name, ElementType.UInt8);
        var input = plan.Demand(source.Name, ElementType.UInt8, layout);
        // Only a step that writes channels innermost can write into its slice of a Concat.
        var output = layout == Layout.Nhwc ? plan.NewOutput(node.Output, ElementType.UInt8)
            : plan.Steps.NewBuffer(plan.Info(node.Output), ElementType.UInt8);
        plan.Append(new PlanStep(operation, node.Name, new UnaryInt8Problem
        {
            Shape = input.Shape,
            Input = input.Inside,
            Output = output.Inside,
            Table = table,
        }, [input], [output])
        { InPlace = input });
        foreach (var reader in plan.Index.Consumers(node.Output).Where(static r => r.OpType == OpTypes.QuantizeLinear))
            plan.Forms.Produced(reader.Output, output, layout);
    }
}
