using ResNetEdge.Model;
using ResNetEdge.Operators.Windows;

namespace ResNetEdge.Exporter.Quantization.Rounding;

/// <summary>Which elements of its input a layer multiplies for one place of its output.</summary>
/// <param name="positions">Places of the output.</param>
/// <param name="taps">Weights of one input channel.</param>
/// <param name="channelStride">Elements from one input channel to the next.</param>
/// <param name="elementOf">Position and tap → element of the first channel; -1 for the border.</param>
internal sealed class PatchPlaces(int positions, int taps, int channelStride, Func<int, int, int> elementOf)
{
    /// <summary>Places of the output: pixels of a picture, rows of a Gemm.</summary>
    public int Positions => positions;

    /// <summary>Weights of one input channel.</summary>
    public int Taps => taps;

    /// <summary>Elements from one input channel to the next.</summary>
    public int ChannelStride => channelStride;

    /// <summary>Those of a Conv, a ConvTranspose or a Gemm.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">Shape of its input: N C H W, or N C.</param>
    /// <param name="weights">Shape of its weights.</param>
    public static PatchPlaces Of(Node layer, Shape input, Shape weights) => layer.OpType switch
    {
        OpTypes.Conv => OfConv(Window.Of(layer, input, weights[2], weights[3]), input[2], input[3]),
        OpTypes.ConvTranspose => OfTransposed(layer, input, weights),
        _ => new(input[0], 1, 1, (row, _) => row * input[1]),
    };

    /// <summary>The elements of the first channel at a place of the output.</summary>
    /// <param name="position">0 .. <see cref="Positions"/> − 1, row by row.</param>
    /// <param name="elements">[taps]; -1 for the border.</param>
    public void At(int position, Span<int> elements)
    {
        for (int t = 0; t < elements.Length; t++) elements[t] = elementOf(position, t);
    }

    private static PatchPlaces OfConv(Window w, int height, int width) => new(
        w.OutputHeight * w.OutputWidth, w.KernelHeight * w.KernelWidth, height * width, (position, tap) =>
        {
            int y = position / w.OutputWidth * w.StrideHeight - w.PadTop + tap / w.KernelWidth * w.DilationHeight,
                x = position % w.OutputWidth * w.StrideWidth - w.PadLeft + tap % w.KernelWidth * w.DilationWidth;
            return (uint)y < (uint)height && (uint)x < (uint)width ? y * width + x : -1;
        });

    // Taps of the other phases read the border: each output sees its own phase of the kernel only.
    private static PatchPlaces OfTransposed(Node layer, Shape input, Shape weights)
    {
        TransposedAxis[] axes = [.. TransposedAxis.Resolve(layer, input, weights.Dimensions[2..], stackalloc TransposedAxis[WindowAxis.Most])];
        int[] sizes = [input[2], input[3]];
        return new(axes[0].Output * axes[1].Output, weights[2] * weights[3], sizes[0] * sizes[1],
            (position, tap) => TransposedAxis.InputOf(axes, sizes, position, tap));
    }
}
