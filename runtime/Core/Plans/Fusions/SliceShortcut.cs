using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// The parameter-free shortcut (He et al., arXiv:1512.03385, option A): Slice of every s-th row and column [→ Q → DQ] → Pad of
/// channels with zeros, in one step; or one of the two alone. Quantised values keep their scale.
/// </summary>
internal sealed class SliceShortcut : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType == OpTypes.Slice && Strides(plan, node) is var (height, width) && height > 0)
        {
            if (PadAfter(plan, node) is { } pad && ChannelPads(plan, pad) is { } both)
            {
                plan.Done(pad);
                Append(plan, node, pad.Output, height, width, both);
            }
            else
            {
                Append(plan, node, node.Output, height, width, (0, 0));
            }

            return true;
        }

        if (node.OpType != OpTypes.Pad || ChannelPads(plan, node) is not { } pads) return false;
        Append(plan, node, node.Output, 1, 1, pads);
        return true;
    }

    private static void Append(PlanBuilder plan, Node node, string output, int strideHeight, int strideWidth, (int Front, int Back) pads)
    {
        var view = plan.View(node.Inputs[0]);
        var type = view is null ? plan.Halves.Of(output) : ElementType.UInt8;
        var from = plan.Demand(view?.Name ?? node.Inputs[0], type, Layout.Nhwc);
        var to = plan.NewOutput(output, type);
        plan.Append(new PlanStep("SubsamplePad", node.Name, new SubsamplePadProblem
        {
            Input = from.Shape,
            StrideHeight = strideHeight,
            StrideWidth = strideWidth,
            PadFront = pads.Front,
            OutputChannels = to.Shape.Channels,
            Type = type,
            ZeroPoint = view?.ZeroPoint ?? 0,
            From = from.Inside,
            To = to.Inside,
        }, [from], [to]));
        plan.Forms.Produced(view is null ? output : plan.Views.Declare(output, view), to, Layout.Nhwc);
    }

    /// <summary>Row and column steps of a Slice that takes whole rows and columns from the first on; (0, 0) when it is another.</summary>
    private static (int Height, int Width) Strides(PlanBuilder plan, Node slice)
    {
        if (plan.Info(slice.Inputs[0]) is not { Type: ElementType.Float32, Shape: { Rank: 4 } x }) return (0, 0);
        if (SliceRanges.Of(plan, slice) is not { } ranges) return (0, 0);
        for (int d = 0; d < 4; d++)
        {
            var (start, step, count) = ranges[d];
            if (start != 0 || step < 1 || count != (x[d] + step - 1) / step || (d < 2 && step != 1)) return (0, 0);
        }

        return (ranges[2].Step, ranges[3].Step);
    }

    private static Node? PadAfter(PlanBuilder plan, Node slice)
    {
        var next = plan.Index.OnlyConsumer(slice.Output);
        if (next is { OpType: OpTypes.QuantizeLinear } quantize)
        {
            // Only where the pair changes nothing: both have the scale and zero point that the input has.
            if (plan.View(slice.Inputs[0]) is not { } view || plan.Views.QuantizationOf(quantize) is not { } made || !made.Fits(view)) return null;
            if (plan.Index.OnlyConsumer(quantize.Output) is not { } dequantize) return null;
            if (plan.View(dequantize.Output) is not { } read || !read.Fits(view)) return null;
            next = plan.Index.OnlyConsumer(dequantize.Output);
        }

        return next is { OpType: OpTypes.Pad } ? next : null;
    }

    /// <summary>Zeros before and after the channels of a Pad that pads nothing else, or null.</summary>
    private static (int Front, int Back)? ChannelPads(PlanBuilder plan, Node pad)
    {
        if (plan.Info(pad.Inputs[0]) is not { Type: ElementType.Float32, Shape.Rank: 4 } || pad.Attributes.String("mode", "constant") != "constant")
            return null;
        if (pad.Input(2).Length > 0 && (plan.Graph.Constant(pad.Inputs[2]) is not { } value || value.As<float>()[0] != 0)) return null;
        if (pad.Input(3).Length > 0 || plan.Graph.Constant(pad.Inputs[1])?.ToInt64s() is not { } pads) return null;
        bool channelsOnly = pads is [0, >= 0, 0, 0, 0, >= 0, 0, 0];
        return channelsOnly ? ((int)pads[1], (int)pads[5]) : null;
    }
}
