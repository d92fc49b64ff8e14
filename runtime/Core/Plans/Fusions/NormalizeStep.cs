using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Normalization;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// LayerNormalization, RMSNormalization, and InstanceNormalization in the layout that its input has, where scale and bias are constants of one number
/// for each element that is normalised together, or for each channel.
/// </summary>
internal sealed class NormalizeStep : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node) => node.OpType switch
    {
        OpTypes.LayerNormalization => TryPlanLayer(plan, node, isCentered: true),
        OpTypes.RMSNormalization => TryPlanLayer(plan, node, isCentered: false),
        OpTypes.InstanceNormalization => TryPlanInstance(plan, node),
        _ => false,
    };

    private static bool TryPlanLayer(PlanBuilder plan, Node node, bool isCentered)
    {
        var info = plan.Info(node.Inputs[0]);
        if (info.Type != ElementType.Float32 || info.Shape.ElementCount == 0 || node.Outputs.Skip(1).Any(static o => o.Length > 0)) return false;
        var normalized = new Shape(info.Shape.Dimensions[OperatorRules.Axis(node, node.Attributes.Int("axis", -1), info.Shape.Rank)..]);
        int length = normalized.ElementCount;
        if (Floats(plan, node.Inputs[1], normalized) is not { } scale) return false;
        float[]? bias = node.Input(2).Length == 0 ? new float[length] : Floats(plan, node.Inputs[2], normalized);
        if (bias is null) return false;
        float epsilon = node.Attributes.Float("epsilon", LayerNormalization.DefaultEpsilon);
        AppendRows(plan, node, length, new()
        {
            Centers = isCentered,
            Epsilon = epsilon,
            Scale = scale,
            Bias = bias,
            Shape = default,
            Input = default,
            Output = default,
        });
        return true;
    }

    private static bool TryPlanInstance(PlanBuilder plan, Node node)
    {
        var info = plan.Info(node.Inputs[0]);
        if (info.Type != ElementType.Float32 || info.Shape.ElementCount == 0) return false;
        int channels = info.Shape[1], length = info.Shape.ElementCount / (info.Shape[0] * channels);
        var perChannel = new Shape(channels);
        if (Floats(plan, node.Inputs[1], perChannel) is not { } scale || Floats(plan, node.Inputs[2], perChannel) is not { } bias) return false;
        float epsilon = node.Attributes.Float("epsilon", InstanceNormalization.DefaultEpsilon);
        if (plan.Forms.Exists(node.Inputs[0], ElementType.Float32, Layout.Nhwc) && !PlanBuffer.IsLayoutFree(info.Shape))
        {
            PlanBuffer input = plan.Demand(node.Inputs[0], ElementType.Float32, Layout.Nhwc),
                output = plan.NewOutput(node.Output, ElementType.Float32);
            plan.Append(new PlanStep(node.OpType, node.Name, new InstanceNormFp32Problem
            {
                Shape = input.Shape,
                Input = input.Inside,
                Output = output.Inside,
                Epsilon = epsilon,
                Scale = scale,
                Bias = bias,
            }, [input], [output])
            { InPlace = input });
            plan.Forms.Produced(node.Output, output, Layout.Nhwc);
            return true;
        }

        AppendRows(plan, node, length, new()
        {
            Centers = true,
            Epsilon = epsilon,
            Scale = scale,
            Bias = bias,
            IsPerPixel = true,
            Shape = default,
            Input = default,
            Output = default,
        });
        return true;
    }

    private static void AppendRows(PlanBuilder plan, Node node, int length, NormalizeFp32Problem problem)
    {
        PlanBuffer input = LineForms.Rows(plan, node.Inputs[0], length), output = LineForms.NewRows(plan, node.Output, length);
        plan.Append(new PlanStep(
            node.OpType, node.Name, problem with { Shape = input.Shape, Input = input.Inside, Output = output.Inside }, [input], [output])
        { InPlace = input });
        LineForms.Produced(plan, node.Output, output);
    }

    // Axes of length 1 in front change nothing.
    private static float[]? Floats(PlanBuilder plan, string value, Shape shape)
    {
        if (plan.Graph.Constant(value) is not { Type: ElementType.Float32 } constant) return null;
        if (constant.Shape.Rank < shape.Rank || constant.Shape.ElementCount != shape.ElementCount) return null;
        return constant.Shape.Dimensions[^shape.Rank..].SequenceEqual(shape.Dimensions) ? constant.ToFloats() : null;
    }
}
