using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Softmax along the axis whose elements lie side by side: the last, or the channels of a picture. Any other is left to the reference.
/// </summary>
internal sealed class SoftmaxStep : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Softmax) return false;
        if (plan.Info(node.Inputs[0]) is not { Type: ElementType.Float32, Shape: { ElementCount: > 0 } shape }) return false;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), shape.Rank);
        bool isChannels = shape.Rank == 4 && axis == 1 && !PlanBuffer.IsLayoutFree(shape);
        if (!isChannels && axis != shape.Rank - 1) return false;
        var input = isChannels
            ? plan.Demand(node.Inputs[0], ElementType.Float32, Layout.Nhwc)
            : LineForms.Rows(plan, node.Inputs[0], shape[^1]);
        var output = isChannels ? plan.NewOutput(node.Output, ElementType.Float32) : LineForms.NewRows(plan, node.Output, shape[^1]);
        plan.Append(new PlanStep(node.OpType, node.Name, new SoftmaxFp32Problem
        {
            Shape = input.Shape,
            Input = input.Inside,
            Output = output.Inside,
        }, [input], [output])
        { InPlace = input });
        if (isChannels) plan.Forms.Produced(node.Output, output, Layout.Nhwc);
        else LineForms.Produced(plan, node.Output, output);
        return true;
    }
}
