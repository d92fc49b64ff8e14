using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Concat of pictures along the channels. Inputs whose steps have written their slice of the wide buffer need nothing; others are
/// copied there, or quantised into it when their scale is another.
/// </summary>
internal sealed class ConcatSlices : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Concat || plan.Concats.Of(node) is not { } place) return false;
        for (int i = 0; i < place.Parts.Length; i++) Fill(plan, node, node.Inputs[i], place.Parts[i], place.View);
        if (place.View is null) plan.Forms.Produced(node.Output, place.Whole, Layout.Nhwc);
        else plan.Forms.ProducedQuantized(node.Output, place.Whole);
        return true;
    }

    private static void Fill(PlanBuilder plan, Node node, string value, PlanBuffer part, QuantizedView? view)
    {
        if (view is not null && (plan.View(value) is not { } read || !read.Fits(view)))
        {
            var floats = plan.Demand(value, ElementType.Float32, Layout.Nhwc);
            plan.Append(new PlanStep(OpTypes.QuantizeLinear, node.Name, new QuantizeLinearProblem
            {
                Shape = part.Shape,
                Input = floats.Inside,
                Output = part.Inside,
                Scale = view.Scale,
                ZeroPoint = view.ZeroPoint,
            }, [floats], [part]));
            return;
        }

        var from = view is null
            ? plan.Demand(value, part.Type, Layout.Nhwc)
            : plan.Demand(plan.View(value)!.Name, ElementType.UInt8, Layout.Nhwc);
        if (from == part) return;
        plan.Append(new PlanStep("Copy", node.Name, new SubsamplePadProblem
        {
            Input = from.Shape,
            StrideHeight = 1,
            StrideWidth = 1,
            PadFront = 0,
            OutputChannels = part.Shape.Channels,
            Type = part.Type,
            From = from.Inside,
            To = part.Inside,
        }, [from], [part]));
    }
}
