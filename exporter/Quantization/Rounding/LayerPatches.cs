using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;

namespace ResNetEdge.Exporter.Quantization.Rounding;

/// <summary>
/// What a layer's weights are multiplied with, in quantisation steps less the zero point: windows of its input, some of each picture,
/// gathered into one <see cref="GramMatrix"/> per group.
/// </summary>
internal sealed class LayerPatches
{
    private readonly int _channels, _height, _width, _taps, _rows;
    private readonly Window? _window; // null for a Gemm
    private readonly short[] _padding; // by channel
    private readonly short[] _patch;

    /// <summary>Prepares a layer.</summary>
    /// <param name="layer">Conv or Gemm with constant weights.</param>
    /// <param name="input">Shape of its input: N C H W, or N C.</param>
    /// <param name="weights">Shape of its weights.</param>
    /// <param name="padding">What lies around the picture, by channel; null for zeros.</param>
    public LayerPatches(Node layer, Shape input, Shape weights, short[]? padding = null)
    {
        Layer = layer;
        bool isConv = layer.OpType == OpTypes.Conv;
        _channels = input[1];
        (_height, _width) = isConv ? (input[2], input[3]) : (1, 1);
        _rows = isConv ? 1 : input[0];
        _window = isConv ? Window.Of(layer, input, weights[2], weights[3]) : null;
        _taps = isConv ? weights[2] * weights[3] : 1;
        _padding = padding ?? new short[_channels];
        int groups = isConv ? (int)layer.Attributes.Int("group", 1) : 1;
        Grams = [.. Enumerable.Range(0, groups).Select(_ => new GramMatrix(_channels / groups, _taps))];
        _patch = new short[Grams[0].Length];
    }

    /// <summary>The convolution or Gemm that reads the patches.</summary>
    public Node Layer { get; }

    /// <summary>One for each group.</summary>
    public GramMatrix[] Grams { get; }

    /// <summary>Windows that the layer has in one picture; a Gemm's are its rows.</summary>
    public int Positions => _window is { } w ? w.OutputHeight * w.OutputWidth : _rows;

    /// <summary>Adds one window.</summary>
    /// <param name="steps">[channel][height][width], or [row][channel], less the zero point; the first picture of a batch.</param>
    /// <param name="position">0 .. <see cref="Positions"/> − 1, row by row.</param>
    public void Add(ReadOnlySpan<short> steps, int position)
    {
        int perGroup = _channels / Grams.Length;
        for (int g = 0; g < Grams.Length; g++)
        {
            for (int c = 0; c < perGroup; c++) Gather(steps, g * perGroup + c, position, _patch.AsSpan(c * _taps, _taps));
            Grams[g].Add(_patch);
        }
    }

    private void Gather(ReadOnlySpan<short> steps, int channel, int position, Span<short> taps)
    {
        if (_window is not { } w)
        {
            taps[0] = steps[position * _channels + channel];
            return;
        }

        var plane = steps.Slice(channel * _height * _width, _height * _width);
        int top = position / w.OutputWidth * w.StrideHeight - w.PadTop, left = position % w.OutputWidth * w.StrideWidth - w.PadLeft;
        for (int t = 0; t < taps.Length; t++)
        {
            int y = top + t / w.KernelWidth * w.DilationHeight, x = left + t % w.KernelWidth * w.DilationWidth;
            bool inside = (uint)y < (uint)_height && (uint)x < (uint)_width;
            taps[t] = inside ? plane[y * _width + x] : _padding[channel];
        }
    }
}
