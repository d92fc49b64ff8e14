using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Quantization.Rounding;

/// <summary>
/// What a layer's weights are multiplied with, in quantisation steps less the zero point: windows of its input, some of each picture,
/// gathered into one <see cref="GramMatrix"/> per group.
/// </summary>
internal sealed class LayerPatches
{
    private readonly int _channels;
    private readonly PatchPlaces _places;
    private readonly short[] _padding; // by channel
    private readonly int[] _elements; // by tap
    private readonly short[] _patch;

    /// <summary>Prepares a layer.</summary>
    /// <param name="layer">Conv, ConvTranspose or Gemm with constant weights.</param>
    /// <param name="input">Shape of its input: N C H W, or N C.</param>
    /// <param name="weights">Shape of its weights.</param>
    /// <param name="padding">What lies around the picture, by channel; null for zeros.</param>
    public LayerPatches(Node layer, Shape input, Shape weights, short[]? padding = null)
    {
        Layer = layer;
        _channels = input[1];
        _places = PatchPlaces.Of(layer, input, weights);
        _padding = padding ?? new short[_channels];
        int groups = (int)layer.Attributes.Int("group", 1);
        Grams = [.. Enumerable.Range(0, groups).Select(_ => new GramMatrix(_channels / groups, _places.Taps))];
        _elements = new int[_places.Taps];
        _patch = new short[Grams[0].Length];
    }

    /// <summary>The layer that reads the patches.</summary>
    public Node Layer { get; }

    /// <summary>One for each group.</summary>
    public GramMatrix[] Grams { get; }

    /// <summary>Windows that the layer has in one picture; a Gemm's are its rows.</summary>
    public int Positions => _places.Positions;

    /// <summary>Adds one window.</summary>
    /// <param name="steps">[channel][height][width], or [row][channel], less the zero point; the first picture of a batch.</param>
    /// <param name="position">0 .. <see cref="Positions"/> − 1, row by row.</param>
    public void Add(ReadOnlySpan<short> steps, int position)
    {
        _places.At(position, _elements);
        int perGroup = _channels / Grams.Length, taps = _places.Taps;
        for (int g = 0; g < Grams.Length; g++)
        {
            for (int c = 0; c < perGroup; c++) Gather(steps, g * perGroup + c, _patch.AsSpan(c * taps, taps));
            Grams[g].Add(_patch);
        }
    }

    private void Gather(ReadOnlySpan<short> steps, int channel, Span<short> taps)
    {
        steps = steps[(channel * _places.ChannelStride)..];
        for (int t = 0; t < taps.Length; t++) taps[t] = _elements[t] < 0 ? _padding[channel] : steps[_elements[t]];
    }
}
