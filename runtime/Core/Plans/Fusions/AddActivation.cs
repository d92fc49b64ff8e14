using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// An Add of two values of equal shape that no convolution could take, with its activation; in u8 when both sides and the result are quantised.
/// </summary>
internal sealed class AddActivation : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Add || plan.Info(node.Output).Type != ElementType.Float32) return false;
        if (plan.Info(node.Inputs[0]).Shape != plan.Info(node.Inputs[1]).Shape) return false;
        var epilogue = plan.EpilogueOf(node.Output);
        if (epilogue.Activation is { } activation) plan.Done(activation);
        string operation = OpTypes.Add + epilogue.Suffix;
        if (plan.View(node.Inputs[0]) is { } left && plan.View(node.Inputs[1]) is { } right && epilogue.Quantized is { } quantized)
            AppendInt8(plan, node, left, right, quantized, epilogue, operation);
        else
            AppendFloat(plan, node, epilogue, operation);
        return true;
    }

    private static void AppendInt8(
        PlanBuilder plan, Node node, QuantizedView left, QuantizedView right, QuantizedView quantized, Epilogue epilogue, string operation)
    {
        PlanBuffer a = plan.Demand(left.Name, ElementType.UInt8, Layout.Nhwc), b = plan.Demand(right.Name, ElementType.UInt8, Layout.Nhwc);
        var output = plan.NewOutput(epilogue.Output, ElementType.UInt8);
        plan.Append(new PlanStep(operation, node.Name, new AddInt8Problem
        {
            Shape = output.Shape,
            Left = a.Inside,
            Right = b.Inside,
            Output = output.Inside,
            LeftZeroPoint = left.ZeroPoint,
            RightZeroPoint = right.ZeroPoint,
            LeftMultiplier = (float)((double)left.Scale / quantized.Scale),
            RightMultiplier = (float)((double)right.Scale / quantized.Scale),
            OutputZeroPoint = quantized.ZeroPoint,
            Low = quantized.Quantize(epilogue.Low),
            High = quantized.Quantize(epilogue.High),
        }, [a, b], [output])
        { InPlace = a });
        plan.Forms.ProducedQuantized(epilogue.Output, output);
    }

    private static void AppendFloat(PlanBuilder plan, Node node, Epilogue epilogue, string operation)
    {
        var shape = PlanBuffer.ShapeOf(plan.Info(node.Output).Shape);
        AddFloatProblem problem = new AddFp16Problem { Shape = shape, Left = default, Right = default, Output = default };
        var type = plan.Halves.Takes(node.Output, problem) ? ElementType.Float16 : ElementType.Float32;
        if (type == ElementType.Float32) problem = new AddFp32Problem { Shape = shape, Left = default, Right = default, Output = default };
        // Channels innermost unless both are row-major as they are.
        var layout = plan.Forms.Natural(node.Inputs[0], type) == Layout.Plain ? plan.Forms.Natural(node.Inputs[1], type) : Layout.Nhwc;
        PlanBuffer a = plan.Demand(node.Inputs[0], type, layout), b = plan.Demand(node.Inputs[1], type, layout);
        var output = layout == Layout.Nhwc ? plan.NewOutput(epilogue.Output, type) : plan.Steps.NewBuffer(plan.Info(epilogue.Output), type);
        plan.Append(new PlanStep(operation, node.Name, problem with
        {
            Shape = output.Shape,
            Left = a.Inside,
            Right = b.Inside,
            Output = output.Inside,
            Low = epilogue.Low,
            High = epilogue.High,
        }, [a, b], [output])
        { InPlace = a });
        plan.Forms.Produced(epilogue.Output, output, layout);
    }
}
