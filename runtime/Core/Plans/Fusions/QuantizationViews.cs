using ResNetEdge.Model;

namespace ResNetEdge.Plans.Fusions;

/// <summary>QuantizeLinear and DequantizeLinear cost nothing by themselves: they say in which form a value is wanted.</summary>
internal sealed class QuantizationViews : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node) => plan.Views.Covers(node);
}
