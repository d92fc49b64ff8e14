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
    /// <param name="epilogue">Activation and quantisation that follow.</param>
    public static void Append(PlanBuilder plan, ConvParts conv, FusedAdd? add, Epilogue epilogue)
    {
        if (epilogue.Activation is { } activation) plan.Done(activation);
        string operation = conv.Node.OpType + (add is null ? "" : "+Add") + epilogue.Suffix;
        try
        {
            if (conv.IsInt8(plan) && (add is null || plan.View(add.Shortcut) is not null)) AppendInt8(plan, conv, add, epilogue, operation);
            else AppendFloat(plan, conv, add, epilogue, operation);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            throw EdgeException.BadInput($"{conv.Node}: {e.Message}", e);
        }
    }

    private static void AppendInt8(PlanBuilder plan, ConvParts conv, FusedAdd? add, Epilogue epilogue, string operation)
    {
        var (view, constant) = (plan.View(conv.Input)!, plan.Views.Constant(conv.Weights)!);
        var (shape, scales) = (conv.Shape, constant.ScalesPerChannel(conv.OutputAxis, conv.Shape.OutputChannels)!);
        var input = plan.Demand(view.Name, ElementType.UInt8, Layout.Nhwc);
        var residualView = add is null ? null : plan.View(add.Shortcut)!;
        var residual = residualView is null ? null : plan.Demand(residualView.Name, ElementType.UInt8, Layout.Nhwc);
        var quantized = epilogue.Quantized;
        var output = plan.NewOutput(epilogue.Output, quantized is null ? ElementType.Float32 : ElementType.UInt8);
        var padding = plan.Forms.Padding(ElementType.UInt8, view.ZeroPoint, ConvChecks.PaddingBytes(shape, 1));
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
            Input = InsideOf(input, ConvChecks.InputOf(shape)),
            PaddingOffset = 0,
            Output = InsideOf(output, ConvChecks.OutputOf(shape)),
            Residual = residual is null ? null
                : new ResidualInt8(
                    InsideOf(residual, ConvChecks.OutputOf(shape)), residualView!.ZeroPoint, (float)(residualView.Scale / outputScale)),
            Branch = branch is null ? null : new BranchInt8(-branch.ZeroPoint, 255 - branch.ZeroPoint, (float)(branch.Scale / outputScale)),
            FloatOutput = quantized is null,
            OutputZeroPoint = quantized?.ZeroPoint ?? 0,
            Low = quantized?.Quantize(epilogue.Low) ?? 0,
            High = quantized?.Quantize(epilogue.High) ?? 255,
            FloatLow = epilogue.Low,
            FloatHigh = epilogue.High,
        }, residual is null ? [input] : [input, residual], [output])
        {
            InPlace = residual is not null && quantized is not null ? residual : null,
            Padding = padding,
            Weights = constant.Values.Bytes,
            Macs = shape.Macs,
            FusedAdds = add is null ? 0 : 1,
        });
        if (quantized is null) plan.Forms.Produced(epilogue.Output, output, Layout.Nhwc);
        else plan.Forms.ProducedQuantized(epilogue.Output, output);
    }

    private static void AppendFloat(PlanBuilder plan, ConvParts conv, FusedAdd? add, Epilogue epilogue, string operation)
    {
        var shape = conv.Shape;
        var weights = conv.FloatWeights(plan);
        float[] bias = conv.FloatBias(plan);
        var type = plan.Halves.Takes(conv.Node.Output, shape, weights.Span, bias) ? ElementType.Float16 : ElementType.Float32;
        var input = plan.Demand(conv.Input, type, Layout.Nhwc);
        var layout = conv.IsProduct ? add?.Layout ?? Layout.Plain : Layout.Nhwc;
        var residual = add is null ? null : AsRows(conv, plan.Demand(add.Shortcut, type, layout));
        var stored = layout == Layout.Nhwc ? plan.NewOutput(epilogue.Output, type) : plan.Steps.NewBuffer(plan.Info(epilogue.Output), type);
        var output = AsRows(conv, stored);
        var problem = New(type, shape, weights, bias) with
        {
            Input = InsideOf(input, ConvChecks.InputOf(shape)),
            Output = InsideOf(output, ConvChecks.OutputOf(shape)),
            Residual = residual is null ? null : InsideOf(residual, ConvChecks.OutputOf(shape)),
            Low = epilogue.Low,
            High = epilogue.High,
        };
        plan.Append(new PlanStep(operation, conv.Node.Name, problem, residual is null ? [input] : [input, residual], [output])
        {
            InPlace = residual,
            Padding = plan.Forms.Padding(type, 0, ConvChecks.PaddingBytes(shape, type.Size())),
            Weights = plan.Graph.Constant(conv.Weights)?.Bytes ?? default,
            Macs = shape.Macs,
            FusedAdds = add is null ? 0 : 1,
        });
        plan.Forms.Produced(epilogue.Output, stored, layout);
    }

    private static ConvFloatProblem New(ElementType type, ConvShape shape, ReadOnlyMemory<float> weights, float[] bias) =>
        type == ElementType.Float16
            ? new ConvFp16Problem { Shape = shape, Weights = weights, Bias = bias, Input = default, PaddingOffset = 0, Output = default }
            : new ConvFp32Problem { Shape = shape, Weights = weights, Bias = bias, Input = default, PaddingOffset = 0, Output = default };

    // What follows a product may have another shape than its rows: their elements are those of pixels, or follow each other anyway.
    private static PlanBuffer AsRows(ConvParts conv, PlanBuffer buffer)
    {
        if (!conv.IsProduct) return buffer;
        int rows = conv.Shape.InputWidth, channels = conv.Shape.OutputChannels;
        int pixel = buffer.Shape.Channels == channels ? buffer.Inside.PixelStride : channels * buffer.Type.Size();
        var place = new Placement(buffer.Inside.Offset, pixel, rows * pixel, (long)rows * pixel);
        return buffer with { Shape = new NhwcShape(1, 1, rows, channels), Inside = place };
    }

    // A convolution over some of three axes sees the pixels as pictures of another size.
    private static Placement InsideOf(PlanBuffer buffer, NhwcShape shape) => buffer.Shape == shape ? buffer.Inside : buffer.Inside.Viewed(shape);
}
