using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// MaxPool, AveragePool and GlobalAveragePool. The largest of quantised values has their scale; a mean is requantised in the same
/// pass when it is wanted quantised, and computed in float when not.
/// </summary>
internal sealed class PoolStep : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType is not (OpTypes.MaxPool or OpTypes.AveragePool or OpTypes.GlobalAveragePool)) return false;
        if (ShapeOf(plan, node) is not { } shape) return false;
        var view = plan.View(node.Inputs[0]);
        if (node.OpType == OpTypes.MaxPool) AppendMax(plan, node, shape, view);
        else AppendAverage(plan, node, shape, view);
        return true;
    }

    private static void AppendMax(PlanBuilder plan, Node node, PoolShape shape, QuantizedView? view)
    {
        var problem = new MaxPoolProblem { Shape = shape, Type = ElementType.Float16, Input = default, Output = default };
        var type = view is not null ? ElementType.UInt8 : plan.Halves.Takes(node.Output, problem) ? ElementType.Float16 : ElementType.Float32;
        var input = plan.Demand(view?.Name ?? node.Inputs[0], type, Layout.Nhwc);
        var output = plan.NewOutput(node.Output, type);
        plan.Append(new PlanStep(node.OpType, node.Name, problem with
        {
            Type = type,
            Input = InsideOf(input, shape.Input),
            Output = InsideOf(output, shape.Output),
        }, [input], [output]));
        plan.Forms.Produced(view is null ? node.Output : plan.Views.Declare(node.Output, view), output, Layout.Nhwc);
    }

    private static void AppendAverage(PlanBuilder plan, Node node, PoolShape shape, QuantizedView? view)
    {
        var epilogue = plan.EpilogueOf(node.Output);
        var quantized = view is not null && epilogue.Activation is null ? epilogue.Quantized : null;
        var problem = new AveragePoolProblem
        {
            Shape = shape,
            Type = ElementType.Float16,
            Input = default,
            Output = default,
            CountIncludePad = node.Attributes.Int("count_include_pad", 0) != 0,
        };
        var type = quantized is not null ? ElementType.UInt8 : plan.Halves.Takes(node.Output, problem) ? ElementType.Float16 : ElementType.Float32;
        var input = plan.Demand(quantized is null ? node.Inputs[0] : view!.Name, type, Layout.Nhwc);
        var output = plan.NewOutput(node.Output, type);
        plan.Append(new PlanStep(node.OpType, node.Name, problem with
        {
            Type = type,
            Input = InsideOf(input, shape.Input),
            Output = InsideOf(output, shape.Output),
            Multiplier = quantized is null ? 1 : (double)view!.Scale / quantized.Scale,
            InputZeroPoint = quantized is null ? (byte)0 : view!.ZeroPoint,
            OutputZeroPoint = quantized?.ZeroPoint ?? 0,
        }, [input], [output]));
        if (quantized is null) plan.Forms.Produced(node.Output, output, Layout.Nhwc);
        else plan.Forms.ProducedQuantized(epilogue.Output, output);
    }

    /// <summary>
    /// The window walk, or null for what the kernels do not do: windows over depth and another of three axes, indices, windows wholly in the padding,
    /// and ceil_mode with counted padding.
    /// </summary>
    private static PoolShape? ShapeOf(PlanBuilder plan, Node node)
    {
        var (_, type, x) = plan.Info(node.Inputs[0]);
        if (type != ElementType.Float32 || !PlanBuffer.IsPicture(x) || x.ElementCount == 0 || node.Outputs.Count > 1) return null;
        if (node.OpType == OpTypes.GlobalAveragePool)
        {
            var (_, rows, columns, channels) = PlanBuffer.ShapeOf(x);
            return new PoolShape
            {
                Batch = x[0],
                InputHeight = rows,
                InputWidth = columns,
                Channels = channels,
                KernelHeight = rows,
                KernelWidth = columns,
            };
        }

        var axes = WindowAxis.Resolve(node, x, [], stackalloc WindowAxis[WindowAxis.Most]);
        bool isDepth = axes.Length == 3 && !axes[0].IsIdentity;
        if (isDepth && !(axes[1].IsIdentity && axes[2].IsIdentity)) return null;
        var window = ConvGeometry.Of(x, x[1], 1, axes);
        var (height, width) = isDepth ? (axes[0].Output, axes[1].Output * axes[2].Output) : (axes[^2].Output, axes[^1].Output);
        int bottom = ExtraPad(
            height, window.StrideHeight, (window.KernelHeight - 1) * window.DilationHeight + 1, window.InputHeight, window.PadTop, window.PadBottom);
        int right = ExtraPad(
            width, window.StrideWidth, (window.KernelWidth - 1) * window.DilationWidth + 1, window.InputWidth, window.PadLeft, window.PadRight);
        if (node.Attributes.Int("count_include_pad", 0) != 0 && (bottom != window.PadBottom || right != window.PadRight)) return null;
        var shape = new PoolShape
        {
            Batch = window.Batch,
            InputHeight = window.InputHeight,
            InputWidth = window.InputWidth,
            Channels = x[1],
            KernelHeight = window.KernelHeight,
            KernelWidth = window.KernelWidth,
            StrideHeight = window.StrideHeight,
            StrideWidth = window.StrideWidth,
            DilationHeight = window.DilationHeight,
            DilationWidth = window.DilationWidth,
            PadTop = window.PadTop,
            PadLeft = window.PadLeft,
            PadBottom = bottom,
            PadRight = right,
        };
        for (int y = 0; y < shape.OutputHeight; y++)
            if (shape.TapRows(y) is var (first, end) && first >= end) return null;
        for (int i = 0; i < shape.OutputWidth; i++)
            if (shape.TapColumns(i) is var (first, end) && first >= end) return null;
        return shape;
    }

    // A window over some of three axes sees the pixels as pictures of another size.
    private static Placement InsideOf(PlanBuffer buffer, NhwcShape shape) => buffer.Shape == shape ? buffer.Inside : buffer.Inside.Viewed(shape);

    private static int ExtraPad(int output, int stride, int extent, int size, int before, int after) =>
        Math.Max(after, (output - 1) * stride + extent - size - before);
}
