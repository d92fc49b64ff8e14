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
        var type = view is null ? ElementType.Float32 : ElementType.UInt8;
        var input = plan.Demand(view?.Name ?? node.Inputs[0], type, Layout.Nhwc);
        var output = plan.NewOutput(node.Output, type);
        plan.Append(new PlanStep(node.OpType, node.Name, new MaxPoolProblem
        {
            Shape = shape,
            Type = type,
            Input = input.Inside,
            Output = output.Inside,
        }, [input], [output]));
        plan.Forms.Produced(view is null ? node.Output : plan.Views.Declare(node.Output, view), output, Layout.Nhwc);
    }

    private static void AppendAverage(PlanBuilder plan, Node node, PoolShape shape, QuantizedView? view)
    {
        var epilogue = plan.EpilogueOf(node.Output);
        var quantized = view is not null && epilogue.Activation is null ? epilogue.Quantized : null;
        var type = quantized is null ? ElementType.Float32 : ElementType.UInt8;
        var input = plan.Demand(quantized is null ? node.Inputs[0] : view!.Name, type, Layout.Nhwc);
        var output = plan.NewOutput(node.Output, type);
        bool includePad = node.Attributes.Int("count_include_pad", 0) != 0;
        double multiplier = quantized is null ? 1 : (double)view!.Scale / quantized.Scale;
        plan.Append(new PlanStep(node.OpType, node.Name, new AveragePoolProblem
        {
            Shape = shape,
            Type = type,
            Input = input.Inside,
            Output = output.Inside,
            CountIncludePad = includePad,
            Multiplier = multiplier,
            InputZeroPoint = quantized is null ? (byte)0 : view!.ZeroPoint,
            OutputZeroPoint = quantized?.ZeroPoint ?? 0,
        }, [input], [output]));
        if (quantized is null) plan.Forms.Produced(node.Output, output, Layout.Nhwc);
        else plan.Forms.ProducedQuantized(epilogue.Output, output);
    }

    /// <summary>
    /// The window walk, or null for what the kernels do not do: other axes than two, indices, windows wholly in the padding, and ceil_mode with
    /// counted padding.
    /// </summary>
    private static PoolShape? ShapeOf(PlanBuilder plan, Node node)
    {
        var (_, type, x) = plan.Info(node.Inputs[0]);
        if (type != ElementType.Float32 || !Window.IsOf(x) || x.ElementCount == 0 || node.Outputs.Count > 1) return null;
        if (node.OpType == OpTypes.GlobalAveragePool)
            return new PoolShape { Batch = x[0], InputHeight = x[2], InputWidth = x[3], Channels = x[1], KernelHeight = x[2], KernelWidth = x[3] };
        var window = Window.Of(node, x);
        int bottom = ExtraPad(
            window.OutputHeight, window.StrideHeight, (window.KernelHeight - 1) * window.DilationHeight + 1, x[2], window.PadTop, window.PadBottom);
        int right = ExtraPad(
            window.OutputWidth, window.StrideWidth, (window.KernelWidth - 1) * window.DilationWidth + 1, x[3], window.PadLeft, window.PadRight);
        if (node.Attributes.Int("count_include_pad", 0) != 0 && (bottom != window.PadBottom || right != window.PadRight)) return null;
        var shape = new PoolShape
        {
            Batch = x[0],
            InputHeight = x[2],
            InputWidth = x[3],
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

    private static int ExtraPad(int output, int stride, int extent, int size, int before, int after) =>
        Math.Max(after, (output - 1) * stride + extent - size - before);
}
