using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Plans;

/// <summary>
/// A picture whose u8 form has a scale and zero point of its own for each channel, so that normalised pixels come back as the bytes they were:
/// input [→ Pad with zeros] → Q (axis 1) → DQ (per tensor) → Conv. The caller's values are stored as those bytes, inside their border.
/// </summary>
internal sealed class PixelInputs
{
    private readonly GraphIndex _index;
    private readonly Dictionary<string, PixelInput> _pixels = new(StringComparer.Ordinal); // by the quantised value

    /// <summary>Finds all of a graph.</summary>
    public PixelInputs(GraphIndex index)
    {
        _index = index;
        foreach (var node in index.Graph.Nodes)
            if (node.OpType == OpTypes.QuantizeLinear && Find(node) is { } pixels) _pixels.Add(pixels.Quantized, pixels);
    }

    /// <summary>Whether a value is the u8 form of such a picture.</summary>
    public bool Holds(string quantized) => _pixels.ContainsKey(quantized);

    /// <summary>What an input is stored as; null when it is no such picture.</summary>
    public PixelInput? Of(string input) => _index.OnlyConsumer(input) is { } reader
        ? _pixels.GetValueOrDefault(reader.Output) ?? (_index.OnlyConsumer(reader.Output) is { } next ? _pixels.GetValueOrDefault(next.Output) : null)
        : null;

    private PixelInput? Find(Node quantize)
    {
        var pad = _index.Producer(quantize.Inputs[0]);
        string source = pad is null ? quantize.Inputs[0] : pad.Inputs[0];
        if (!_index.IsInput(source) || (pad is not null && (Border(pad) is null || _index.OnlyConsumer(pad.Output) is null))) return null;
        var info = _index.Info(quantize.Output);
        if (_index.Info(source).Type != ElementType.Float32) return null;
        if (info is not { Type: ElementType.UInt8, Shape.Rank: 4 } || _index.OnlyConsumer(source) is null || _index.IsOutput(quantize.Output))
            return null;
        if (OperatorRules.Axis(quantize, quantize.Attributes.Int("axis", 1), info.Shape.Rank) != 1) return null;
        if (StepsOf(quantize, info.Shape[1]) is not { } steps) return null;
        if (!_index.Consumers(quantize.Output).All(node => node.OpType == OpTypes.DequantizeLinear && ReadsAsPixels(node))) return null;
        return new PixelInput(quantize.Output, pad, pad is null ? (0, 0) : Border(pad)!.Value, steps);
    }

    /// <summary>Rows above and columns left of the picture when a Pad surrounds it with zeros and does nothing else; else null.</summary>
    private (int Top, int Left)? Border(Node node)
    {
        if (node.OpType != OpTypes.Pad || node.Attributes.String("mode", "constant") != "constant") return null;
        bool isZero = node.Input(2).Length == 0
            || _index.Constant(node.Inputs[2]) is { Type: ElementType.Float32 } value && value.As<float>()[0] == 0;
        return isZero && _index.Constant(node.Inputs[1])?.ToInt64s() is [0, 0, >= 0 and var top, >= 0 and var left, 0, 0, >= 0, >= 0]
            ? ((int)top, (int)left) : null;
    }

    private ChannelSteps? StepsOf(Node quantize, int channels)
    {
        if (_index.Constant(quantize.Inputs[1]) is not { Type: ElementType.Float32 } scale) return null;
        float[] scales = scale.As<float>().ToArray();
        byte[]? zeroPoints = quantize.Input(2).Length == 0 ? new byte[scales.Length] : _index.Constant(quantize.Inputs[2])?.Bytes.ToArray();
        return scales.Length == channels && scales.Length > 1 && zeroPoints?.Length == channels ? new ChannelSteps(scales, zeroPoints) : null;
    }

    // A convolution that pads by itself would surround the border with one number for all channels.
    private bool ReadsAsPixels(Node dequantize)
    {
        var x = _index.Info(dequantize.Output).Shape;
        if (!Window.IsOf(x)) return false;
        return _index.Constant(dequantize.Inputs[1]) is { Shape.ElementCount: 1 }
            && _index.Consumers(dequantize.Output).All(node => node.OpType == OpTypes.Conv && IsConstantWeight(node) && !PadsItself(node, x));
    }

    private bool PadsItself(Node conv, Shape x)
    {
        var weights = _index.Info(conv.Inputs[1]).Shape;
        return Window.Of(conv, x, weights[2], weights[3]) is not { PadTop: 0, PadLeft: 0, PadBottom: 0, PadRight: 0 };
    }

    private bool IsConstantWeight(Node conv) => _index.Constant(conv.Inputs[1]) is not null
        || _index.Producer(conv.Inputs[1]) is { OpType: OpTypes.DequantizeLinear } weights && _index.Constant(weights.Inputs[0]) is not null;
}
