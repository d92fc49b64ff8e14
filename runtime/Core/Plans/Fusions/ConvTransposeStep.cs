using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// ConvTranspose of pictures by constant weights, with the activation behind it, as sub-pixel convolution (Shi et al., arXiv:1609.05158): ordinary
/// convolutions make the phases of the output as channels, and one pass lays them out as pixels. Either one convolution makes all phases, with a
/// window that holds the taps of each and zeros elsewhere, or each phase has its own; whichever the backend expects to cost less.
/// </summary>
internal sealed class ConvTransposeStep : Fusion
{
    // A stride far beyond the kernel makes mostly zeros, and phases without end: the reference computes that.
    private const int MostPhases = 1024, MostSteps = 64, MostGrowth = 8;

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.ConvTranspose || plan.Info(node.Inputs[0]) is not { Type: ElementType.Float32, Shape: { Rank: 4 } x }) return false;
        string weights = node.Inputs[1], bias = node.Input(2);
        if (!plan.Views.IsConstant(weights) || (bias.Length > 0 && !plan.Views.IsConstant(bias))) return false;
        var (w, y) = (plan.Info(weights).Shape, plan.Info(node.Output).Shape);
        if (x.ElementCount == 0 || y.ElementCount == 0) return false;
        var axes = TransposedAxis.Resolve(node, x, w.Dimensions[2..], stackalloc TransposedAxis[WindowAxis.Most]);
        SubPixelAxis rows = new(axes[0], x[2]), columns = new(axes[1], x[3]);
        int groups = (int)node.Attributes.Int("group", 1);
        if ((long)rows.Axis.Stride * columns.Axis.Stride > MostPhases) return false;
        if (Cheapest(plan, rows, columns, (x[0], x[1], y[1], groups), w.ElementCount) is not { } convs) return false;
        var epilogue = plan.EpilogueOf(node.Output);
        if (epilogue.Activation is { } activation) plan.Done(activation);
        try
        {
            var phases = AppendConvs(plan, node, convs, rows.Places, columns.Places, epilogue);
            AppendPixels(plan, node, phases, rows.Axis.Stride, columns.Axis.Stride, convs.Count == 1 ? groups : 1, epilogue);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            throw EdgeException.BadInput($"{node}: {e.Message}", e);
        }

        return true;
    }

    /// <summary>The convolutions that make all phases at the least cost; null when there is no way.</summary>
    private static List<(SubPixelConv Conv, ConvShape Shape)>? Cheapest(
        PlanBuilder plan, SubPixelAxis rows, SubPixelAxis columns, (int Batch, int Inputs, int Outputs, int Groups) sizes, long weights)
    {
        SubPixelConv[] whole = [new(rows, columns, rows.Phases, columns.Phases)];
        SubPixelConv[] each = [.. rows.Phases.SelectMany(y => columns.Phases.Select(x => new SubPixelConv(rows, columns, [y], [x])))];
        List<(SubPixelConv, ConvShape)>? best = null;
        double least = double.PositiveInfinity;
        foreach (var way in (ReadOnlySpan<SubPixelConv[]>)[whole, each])
        {
            var shaped = way.Select(conv => (Conv: conv, Shape: conv.Shape(sizes.Batch, sizes.Inputs, sizes.Outputs, sizes.Groups))).ToList();
            if (shaped.Count > MostSteps || shaped.Exists(c => c.Shape is null)) continue;
            if (shaped.Sum(c => (long)c.Shape!.OutputChannels * c.Shape.Depth) > MostGrowth * weights) continue;
            double cost = shaped.Sum(c => plan.Steps.Cost(c.Shape!));
            if (cost < least) (least, best) = (cost, [.. shaped.Select(c => (c.Conv, c.Shape!))]);
        }

        return best;
    }

    /// <summary>The phases as channels, [place][place][phase][channel].</summary>
    private static PlanBuffer AppendConvs(
        PlanBuilder plan, Node node, List<(SubPixelConv Conv, ConvShape Shape)> convs, int height, int width, Epilogue epilogue)
    {
        var shape = convs[0].Shape;
        var parts = new ConvParts(node, shape with { OutputChannels = shape.OutputChannels / convs[0].Conv.Phases }, node.Inputs[0], node.Inputs[1],
            node.Input(2), 0);
        ReadOnlySpan<float> weights = parts.FloatWeights(plan).Span;
        float[] bias = parts.FloatBias(plan);
        var input = plan.Demand(node.Inputs[0], ElementType.Float32, Layout.Nhwc);
        var phases = plan.Steps.NewBuffer(new NhwcShape(shape.Batch, height, width, convs.Sum(c => c.Shape.OutputChannels)), ElementType.Float32);
        foreach (var (conv, one) in convs)
        {
            var output = phases with
            {
                Shape = phases.Shape with { Channels = one.OutputChannels },
                Inside = phases.Inside.Moved((long)conv.First * bias.Length * sizeof(float)),
            };
            plan.Append(new PlanStep(node.OpType + epilogue.Suffix, node.Name, new ConvFp32Problem
            {
                Shape = one,
                Weights = conv.Weights(weights, one),
                Bias = conv.PerChannel(bias, one.Groups),
                Input = input.Inside,
                PaddingOffset = 0,
                Output = output.Inside,
                Low = epilogue.Low,
                High = epilogue.High,
            }, [input], [output])
            {
                Padding = plan.Forms.Padding(ElementType.Float32, 0, ConvChecks.PaddingBytes(one, sizeof(float))),
                Weights = plan.Graph.Constant(node.Inputs[1])?.Bytes ?? default,
                Macs = one.Macs,
            });
        }

        return phases;
    }

    private static void AppendPixels(
        PlanBuilder plan, Node node, PlanBuffer phases, int strideHeight, int strideWidth, int groups, Epilogue epilogue)
    {
        var output = plan.NewOutput(epilogue.Output, ElementType.Float32);
        int places = strideHeight * strideWidth, channels = output.Shape.Channels / groups;
        plan.Append(new PlanStep("SubPixels", node.Name, new ChannelMapProblem
        {
            Input = phases.Shape,
            Output = output.Shape,
            BlockHeight = strideHeight,
            BlockWidth = strideWidth,
            Map = [.. Enumerable.Range(0, places).SelectMany(phase => Enumerable.Range(0, output.Shape.Channels)
                .Select(c => c / channels * places * channels + phase * channels + c % channels))],
            Type = ElementType.Float32,
            From = phases.Inside,
            To = output.Inside,
        }, [phases], [output]));
        plan.Forms.Produced(epilogue.Output, output, Layout.Nhwc);
    }
}
