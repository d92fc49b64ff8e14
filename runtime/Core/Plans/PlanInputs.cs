using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;
using ResNetEdge.Preprocess;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>The form in which the caller's inputs are stored: the one that their first readers want, so that feeding them is one pass.</summary>
internal sealed class PlanInputs(GraphIndex index, PixelInputs pixelInputs, QuantizedViews views, ValueForms forms, StepList steps)
{
    /// <summary>Channels up to which the rows of a convolution window are read as one run of bytes, which needs the border in memory.</summary>
    private const int FewChannels = 4;

    /// <summary>Stores an input and returns how.</summary>
    /// <param name="info">As the model declares it.</param>
    /// <param name="done">Given the Pad that needs no step of its own because the input is stored inside its border.</param>
    public PlanInput Add(TensorInfo info, Action<Node> done)
    {
        if (info.Shape.Rank != 4 || info.Shape.ElementCount == 0) return StorePlain(info);
        if (views.IsQuantizedPicture(info.Name)) return StoreIntegers(info);
        if (info.Type != ElementType.Float32) return StorePlain(info);
        if (pixelInputs.Of(info.Name) is { } pixels)
        {
            if (pixels.Pad is not null) done(pixels.Pad);
            return StorePixels(info, pixels);
        }

        if (views.Common(info.Name) is { } view)
        {
            var quantized = Store(info, ElementType.UInt8, Layout.Nhwc, view.ZeroPoint);
            forms.ProducedQuantized(info.Name, quantized);
            return new(info, quantized, Layout.Nhwc, new ChannelSteps(quantized.Shape.Channels, view.Scale, view.ZeroPoint));
        }

        if (!index.Consumers(info.Name).Any(n => OperatorTable.TraitsOf(n).ReadsChannelsInnermost)) return StorePlain(info);
        var picture = Store(info, ElementType.Float32, Layout.Nhwc, 0);
        forms.Produced(info.Name, picture, Layout.Nhwc);
        return new(info, picture, Layout.Nhwc, null);
    }

    private PlanInput StorePlain(TensorInfo info)
    {
        var buffer = Store(info, info.Type, Layout.Plain, 0);
        forms.Produced(info.Name, buffer, Layout.Plain);
        return new(info, buffer, Layout.Plain, null);
    }

    private PlanInput StoreIntegers(TensorInfo info)
    {
        var view = views.Of(index.Consumers(info.Name)[0].Output)!;
        var buffer = Store(info, ElementType.UInt8, Layout.Nhwc, view.ZeroPoint);
        forms.Produced(info.Name, buffer, Layout.Nhwc);
        return new(info, buffer, Layout.Nhwc, PlainImage.PixelSteps(buffer.Shape.Channels));
    }

    private PlanBuffer Store(TensorInfo info, ElementType type, Layout layout, byte fill)
    {
        var shape = PlanBuffer.ShapeOf(info.Shape);
        var inside = PlanBuffer.Dense(type, shape).Inside;
        long bytes = shape.Batch * inside.ImageStride;
        if (layout == Layout.Nhwc && shape.Channels <= FewChannels && WindowsOn(info.Name) is { Count: > 0 } windows)
            (inside, bytes) = Bordered(type, shape, windows);
        var storage = steps.Own(new Storage(bytes) { Initialize = span => span.Fill(fill) }.Persist());
        return new PlanBuffer(storage, type, shape, inside);
    }

    private PlanInput StorePixels(TensorInfo info, PixelInput pixels)
    {
        var whole = PlanBuffer.Dense(ElementType.UInt8, PlanBuffer.ShapeOf(index.Info(pixels.Quantized).Shape));
        byte[] border = pixels.Steps.ZeroPoints.ToArray();
        var storage = steps.Own(new Storage(whole.Storage.Bytes) { Initialize = span => Repeat(border, span) }.Persist());
        whole = whole with { Storage = storage };
        forms.Produced(pixels.Quantized, whole, Layout.Nhwc);
        var (top, left) = pixels.Border;
        var inside = whole.Inside.Moved(top * whole.Inside.RowStride + left * (long)whole.Inside.PixelStride);
        return new PlanInput(info, whole with { Shape = PlanBuffer.ShapeOf(info.Shape), Inside = inside }, Layout.Nhwc, pixels.Steps);
    }

    /// <summary>The windows of all convolutions that read an input, directly or quantised; none when something else reads it too.</summary>
    private List<Window> WindowsOn(string input)
    {
        var windows = new List<Window>();
        if (index.Consumers(input).Select(node => views.Of(node.Output)?.ZeroPoint).Distinct().Count() > 1) return windows; // no one border
        foreach (var node in index.Consumers(input))
        {
            var readers = node.OpType switch
            {
                OpTypes.QuantizeLinear => index.Consumers(node.Output).SelectMany(d => index.Consumers(d.Output)),
                OpTypes.DequantizeLinear => index.Consumers(node.Output),
                _ => [node],
            };
            foreach (var reader in readers)
            {
                if (reader.OpType != OpTypes.Conv || !views.IsConstant(reader.Inputs[1]) || !Window.IsOf(index.Info(input).Shape)) return [];
                var weights = index.Info(reader.Inputs[1]).Shape;
                windows.Add(Window.Of(reader, index.Info(input).Shape, weights[2], weights[3]));
            }
        }

        return windows;
    }

    /// <summary>Pixels without gaps, surrounded by all the padding that any window reaches.</summary>
    private static (Placement Inside, long Bytes) Bordered(ElementType type, NhwcShape shape, List<Window> windows)
    {
        int size = type.Size(), pixel = shape.Channels * size;
        int top = windows.Max(w => w.PadTop), left = windows.Max(w => w.PadLeft);
        int bottom = windows.Max(w => w.PadBottom), right = windows.Max(w => w.PadRight);
        int row = (shape.Width + left + right) * pixel;
        long image = (long)(shape.Height + top + bottom) * row;
        return (new Placement((long)top * row + left * pixel, pixel, row, image), shape.Batch * image);
    }

    private static void Repeat(ReadOnlySpan<byte> pattern, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i += pattern.Length) pattern.CopyTo(target[i..]);
    }
}
