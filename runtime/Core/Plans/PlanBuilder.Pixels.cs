using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Plans;

/// <summary>
/// A picture whose u8 form has a scale and zero point of its own for each channel, so that normalised pixels come back as the bytes they were:
/// input [→ Pad with zeros] → Q (axis 1) → DQ (per tensor) → Conv. The caller's values are stored as those bytes, inside their border.
/// </summary>
internal sealed partial class PlanBuilder
{
    private readonly Dictionary<string, Pixels> _pixels = new(StringComparer.Ordinal); // by the quantised value

    /// <summary>Notes such a QuantizeLinear.</summary>
    private bool DeclarePixels(Node quantize)
    {
        var pad = Producer(quantize.Inputs[0]);
        string source = pad is null ? quantize.Inputs[0] : pad.Inputs[0];
        if (!_inputs.Contains(source) || (pad is not null && (Border(pad) is null || OnlyConsumer(pad.Output) is null))) return false;
        var info = Info(quantize.Output);
        if (OnlyConsumer(source) is null || info.Type != ElementType.UInt8 || info.Shape.Rank != 4 || IsOutput(quantize.Output)) return false;
        if (OperatorRules.Axis(quantize, quantize.Attributes.Int("axis", 1), info.Shape.Rank) != 1 || StepsOf(quantize, info.Shape[1]) is not { } steps) return false;
        if (!Consumers(quantize.Output).All(node => node.OpType == OpTypes.DequantizeLinear && ReadsAsPixels(node))) return false;
        _pixels.Add(quantize.Output, new Pixels(source, quantize.Output, pad, steps));
        return true;
    }

    private Pixels? PixelsOf(string input) => OnlyConsumer(input) is { } reader
        ? _pixels.GetValueOrDefault(reader.Output) ?? (OnlyConsumer(reader.Output) is { } next ? _pixels.GetValueOrDefault(next.Output) : null)
        : null;

    private PlanInput StorePixels(TensorInfo info, Pixels pixels)
    {
        var whole = PlanBuffer.Dense(ElementType.UInt8, PlanBuffer.ShapeOf(Info(pixels.Quantized).Shape));
        byte[] border = pixels.Steps.ZeroPoints.ToArray();
        var storage = Own(new Storage(whole.Storage.Bytes) { Initialize = span => Repeat(border, span) }.Persist());
        whole = whole with { Storage = storage };
        Produced(pixels.Quantized, whole, Layout.Nhwc);
        if (pixels.Pad is not null) Done(pixels.Pad);

        var (top, left) = pixels.Pad is null ? (0, 0) : Border(pixels.Pad)!.Value;
        var inside = whole.Inside with { Offset = whole.Inside.Offset + top * whole.Inside.RowStride + left * (long)whole.Inside.PixelStride };
        return new PlanInput(info, whole with { Shape = PlanBuffer.ShapeOf(info.Shape), Inside = inside }, Layout.Nhwc, pixels.Steps);
    }

    /// <summary>Rows above and columns left of the picture when a Pad surrounds it with zeros and does nothing else; else null.</summary>
    private (int Top, int Left)? Border(Node node)
    {
        if (node.OpType != OpTypes.Pad || node.Attributes.String("mode", "constant") != "constant") return null;
        if (node.Input(2).Length > 0 && (Graph.Constant(node.Inputs[2]) is not { Type: ElementType.Float32 } value || value.As<float>()[0] != 0)) return null;
        return Graph.Constant(node.Inputs[1])?.ToInt64s() is [0, 0, >= 0 and var top, >= 0 and var left, 0, 0, >= 0, >= 0] ? ((int)top, (int)left) : null;
    }

    private ChannelSteps? StepsOf(Node quantize, int channels)
    {
        float[] scales = Graph.Initializers[quantize.Inputs[1]].As<float>().ToArray();
        byte[] zeroPoints = quantize.Input(2).Length > 0 ? Graph.Initializers[quantize.Inputs[2]].As<byte>().ToArray() : new byte[scales.Length];
        return scales.Length == channels && scales.Length > 1 && zeroPoints.Length == channels ? new ChannelSteps(scales, zeroPoints) : null;
    }

    // A convolution that pads by itself would surround the border with one number for all channels.
    private bool ReadsAsPixels(Node dequantize) =>
        Graph.Initializers[dequantize.Inputs[1]].Shape.ElementCount == 1 && Consumers(dequantize.Output).All(conv => conv.OpType == OpTypes.Conv
            && IsConstantWeight(conv) && Window.Of(conv, Info(dequantize.Output).Shape, Info(conv.Inputs[1]).Shape[2], Info(conv.Inputs[1]).Shape[3]) is
            { PadTop: 0, PadLeft: 0, PadBottom: 0, PadRight: 0 });

    private bool IsConstantWeight(Node conv) => Graph.Constant(conv.Inputs[1]) is not null
        || Producer(conv.Inputs[1]) is { OpType: OpTypes.DequantizeLinear } weights && Graph.Constant(weights.Inputs[0]) is not null;

    private static void Repeat(ReadOnlySpan<byte> pattern, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i += pattern.Length) pattern.CopyTo(target[i..]);
    }

    /// <param name="Source">The graph's input.</param>
    /// <param name="Quantized">Its u8 form, border included.</param>
    /// <param name="Pad">What makes the border, or null.</param>
    /// <param name="Steps">Of each channel.</param>
    private sealed record Pixels(string Source, string Quantized, Node? Pad, ChannelSteps Steps);
}
