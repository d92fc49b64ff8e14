using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Writes the one step that a convolution becomes, with whatever is fused into it.</summary>
internal static class ConvSteps
{
    /// <summary>Appends the step in int8 where the graph is quantised there, else in float.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="conv">The convolution.</param>
    /// <param name="add">The residual Add fused with it, or null.</param>
    /// <param name="tail">Activation and quantisation that follow.</param>
    public static void Append(PlanBuilder plan, ConvParts conv, FusedAdd? add, Tail tail)
    {
        if (tail.Activation is { } activation) plan.Done(activation);
        string operation = conv.Node.OpType + (add is null ? "" : "+Add") + tail.Suffix;
        try
        {
            if (conv.IsInt8(plan) && (add is null || plan.View(add.Shortcut) is not null)) AppendInt8(plan, conv, add, tail, operation);
            else AppendFp32(plan, conv, add?.Shortcut, tail, operation);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            throw EdgeException.BadInput($"{conv.Node}: {e.Message}", e);
        }
    }

    private static void AppendInt8(PlanBuilder plan, ConvParts conv, FusedAdd? add, Tail tail, string operation)
    {
        var (view, constant) = (plan.View(conv.Input)!, plan.QuantizedConstant(conv.Weights)!);
        var (shape, scales) = (conv.Shape, constant.ScalesPerChannel(conv.OutputAxis, conv.Shape.OutputChannels)!);
        var input = plan.Demand(view.Name, ElementType.UInt8, Layout.Nhwc);
        var residualView = add is null ? null : plan.View(add.Shortcut)!;
        var residual = residualView is null ? null : plan.Demand(residualView.Name, ElementType.UInt8, Layout.Nhwc);
        var quantized = tail.Quantized;
        var output = plan.NewOutput(tail.Output, quantized is null ? ElementType.Float32 : ElementType.UInt8);
        var padding = plan.Padding(ElementType.UInt8, view.ZeroPoint, ConvChecks.PaddingBytes(shape, 1));
        double outputScale = quantized?.Scale ?? 1;
        var branch = add?.Branch;
        double productScale = branch?.QuantizedScale ?? outputScale;
        var weights = conv.Arrange(constant.Symmetric());
        int[] bias = conv.Int32Bias(plan, view.Scale, scales);
        float[] multiplier = [.. scales.Select(s => (float)((double)view.Scale * s / productScale))];
        plan.Append(new PlanStep(operation, conv.Node.Name, new ConvInt8Problem
        {
            Shape = shape,
            Weights = weights,
            Bias = bias,
            Multiplier = multiplier,
            InputZeroPoint = view.ZeroPoint,
            Input = input.Inside,
            PaddingOffset = 0,
            Output = output.Inside,
            Residual = residual is null ? null : new ResidualInt8(residual.Inside, residualView!.ZeroPoint, (float)(residualView.Scale / outputScale)),
            Branch = branch is null ? null : new BranchInt8(-branch.ZeroPoint, 255 - branch.ZeroPoint, (float)(branch.Scale / outputScale)),
            FloatOutput = quantized is null,
            OutputZeroPoint = quantized?.ZeroPoint ?? 0,
            Low = quantized?.Quantize(tail.Low) ?? 0,
            High = quantized?.Quantize(tail.High) ?? 255,
            FloatLow = tail.Low,
            FloatHigh = tail.High,
        }, residual is null ? [input] : [input, residual], [output])
        {
            InPlace = residual is not null && quantized is not null ? residual : null,
            Padding = padding,
            Weights = constant.Values.Bytes,
            Macs = shape.Macs,
            FusedAdds = add is null ? 0 : 1,
        });
        if (quantized is null) plan.Produced(tail.Output, output, Layout.Nhwc);
        else plan.ProducedQuantized(tail, output);
    }

    private static void AppendFp32(PlanBuilder plan, ConvParts conv, string? shortcut, Tail tail, string operation)
    {
        var shape = conv.Shape;
        var input = plan.Demand(conv.Input, ElementType.Float32, Layout.Nhwc);
        var residual = shortcut is null ? null : plan.Demand(shortcut, ElementType.Float32, Layout.Nhwc);
        var output = plan.NewOutput(tail.Output, ElementType.Float32);
        var padding = plan.Padding(ElementType.Float32, 0, ConvChecks.PaddingBytes(shape, sizeof(float)));
        var weights = conv.FloatWeights(plan);
        float[] bias = conv.FloatBias(plan);
        plan.Append(new PlanStep(operation, conv.Node.Name, new ConvFp32Problem
        {
            Shape = shape,
            Weights = weights,
            Bias = bias,
            Input = input.Inside,
            PaddingOffset = 0,
            Output = output.Inside,
            Residual = residual?.Inside,
            Low = tail.Low,
            High = tail.High,
        }, residual is null ? [input] : [input, residual], [output])
        {
            InPlace = residual,
            Padding = padding,
            Weights = plan.Graph.Constant(conv.Weights)?.Bytes ?? default,
            Macs = shape.Macs,
            FusedAdds = shortcut is null ? 0 : 1,
        });
        plan.Produced(tail.Output, output, Layout.Nhwc);
    }
}
