using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// The steps of a ConvTranspose: convolutions that write its phases as channels, [place][place][phase][channel], and the pass that makes pixels of
/// them.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="transposed">The ConvTranspose; its geometry holds sizes and channels only.</param>
/// <param name="convs">The convolutions, one or one for each phase.</param>
/// <param name="epilogue">Activation and quantisation that follow.</param>
internal sealed class SubPixelSteps(
    PlanBuilder plan, ConvParts transposed, List<(SubPixelConv Conv, ConvShape Shape)> convs, Epilogue epilogue)
{
    private string Operation => transposed.Node.OpType + epilogue.Suffix;

    /// <summary>In float.</summary>
    public void AppendFp32(SubPixelAxis rows, SubPixelAxis columns)
    {
        ReadOnlySpan<float> weights = (transposed with { OutputAxis = 0 }).FloatWeights(plan).Span;
        float[] bias = transposed.FloatBias(plan);
        var input = plan.Demand(transposed.Input, ElementType.Float32, Layout.Nhwc);
        var phases = NewPhases(rows, columns, ElementType.Float32);
        foreach (var (conv, shape) in convs)
        {
            var output = PhasesOf(phases, conv, shape);
            Append(new ConvFp32Problem
            {
                Shape = shape,
                Weights = conv.Weights(weights, shape),
                Bias = conv.PerChannel(bias, shape.Groups),
                Input = input.Inside,
                PaddingOffset = 0,
                Output = output.Inside,
                Low = epilogue.Low,
                High = epilogue.High,
            }, shape, input, output, plan.Forms.Padding(ElementType.Float32, 0, ConvChecks.PaddingBytes(shape, sizeof(float))));
        }

        plan.Forms.Produced(epilogue.Output, AppendPixels(phases, rows, columns), Layout.Nhwc);
    }

    /// <summary>In int8, where <see cref="ConvParts.IsInt8"/> holds. Taps without a weight add nothing: every way gives the same bits.</summary>
    public void AppendInt8(SubPixelAxis rows, SubPixelAxis columns)
    {
        var (view, constant) = (plan.View(transposed.Input)!, plan.Views.Constant(transposed.Weights)!);
        float[] scales = constant.ScalesPerChannel(transposed.OutputAxis, transposed.Shape.OutputChannels)!;
        ReadOnlySpan<sbyte> weights = constant.Symmetric().Span;
        int[] bias = transposed.Int32Bias(plan, view.Scale, scales);
        var quantized = epilogue.Quantized;
        float[] multiplier = [.. scales.Select(s => (float)((double)view.Scale * s / (quantized?.Scale ?? 1)))];
        var input = plan.Demand(view.Name, ElementType.UInt8, Layout.Nhwc);
        var phases = NewPhases(rows, columns, quantized is null ? ElementType.Float32 : ElementType.UInt8);
        foreach (var (conv, shape) in convs)
        {
            var output = PhasesOf(phases, conv, shape);
            Append(new ConvInt8Problem
            {
                Shape = shape,
                Weights = conv.Weights(weights, shape),
                Bias = conv.PerChannel(bias, shape.Groups),
                Multiplier = conv.PerChannel(multiplier, shape.Groups),
                InputZeroPoint = view.ZeroPoint,
                Input = input.Inside,
                PaddingOffset = 0,
                Output = output.Inside,
                FloatOutput = quantized is null,
                OutputZeroPoint = quantized?.ZeroPoint ?? 0,
                Low = quantized?.Quantize(epilogue.Low) ?? 0,
                High = quantized?.Quantize(epilogue.High) ?? 255,
                FloatLow = epilogue.Low,
                FloatHigh = epilogue.High,
            }, shape, input, output, plan.Forms.Padding(ElementType.UInt8, view.ZeroPoint, ConvChecks.PaddingBytes(shape, 1)));
        }

        var pixels = AppendPixels(phases, rows, columns);
        if (quantized is null) plan.Forms.Produced(epilogue.Output, pixels, Layout.Nhwc);
        else plan.Forms.ProducedQuantized(epilogue.Output, pixels);
    }

    private void Append(StepProblem problem, ConvShape shape, PlanBuffer input, PlanBuffer output, Storage padding) =>
        plan.Append(new PlanStep(Operation, transposed.Node.Name, problem, [input], [output])
        {
            Padding = padding,
            Weights = (plan.Views.Constant(transposed.Weights)?.Values ?? plan.Graph.Constant(transposed.Weights))?.Bytes ?? default,
            Macs = shape.Macs,
        });

    private PlanBuffer NewPhases(SubPixelAxis rows, SubPixelAxis columns, ElementType type) => plan.Steps.NewBuffer(
        new NhwcShape(transposed.Shape.Batch, rows.Places, columns.Places, convs.Sum(c => c.Shape.OutputChannels)), type);

    private PlanBuffer PhasesOf(PlanBuffer phases, SubPixelConv conv, ConvShape shape) => phases with
    {
        Shape = phases.Shape with { Channels = shape.OutputChannels },
        Inside = phases.Inside.Moved((long)conv.First * transposed.Shape.OutputChannels * phases.Type.Size()),
    };

    private PlanBuffer AppendPixels(PlanBuffer phases, SubPixelAxis rows, SubPixelAxis columns)
    {
        var output = plan.NewOutput(epilogue.Output, phases.Type);
        int groups = convs.Count == 1 ? transposed.Shape.Groups : 1, places = rows.Axis.Stride * columns.Axis.Stride;
        int all = output.Shape.Channels, channels = all / groups;
        plan.Append(new PlanStep("SubPixels", transposed.Node.Name, new ChannelMapProblem
        {
            Input = phases.Shape,
            Output = output.Shape,
            BlockHeight = rows.Axis.Stride,
            BlockWidth = columns.Axis.Stride,
            Map = [.. Enumerable.Range(0, places).SelectMany(phase => Enumerable.Range(0, all)
                .Select(c => c / channels * places * channels + phase * channels + c % channels))],
            Type = phases.Type,
            From = phases.Inside,
            To = output.Inside,
        }, [phases], [output]));
        return output;
    }
}
