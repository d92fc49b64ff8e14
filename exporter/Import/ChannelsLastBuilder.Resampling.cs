using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>Layers that make pictures larger or smaller without a pool.</summary>
internal sealed partial class ChannelsLastBuilder
{
    /// <summary>A picture of another height and width.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">A picture.</param>
    /// <param name="height">Of the result, in pixels.</param>
    /// <param name="width">Of the result, in pixels.</param>
    /// <param name="mode">ONNX's <c>nearest</c> or <c>linear</c>.</param>
    /// <param name="places">ONNX's coordinate_transformation_mode.</param>
    /// <param name="rounding">ONNX's nearest_mode; of no meaning for <c>linear</c>.</param>
    public ChannelsLastValue Resize(string name, ChannelsLastValue x, int height, int width, string mode, string places, string rounding)
    {
        var shape = ShapeOf(name, Picture(name, x).Shape[0], height, width, x.Shape[3]);
        string sizes = Constant($"{name}.sizes", Tensor.Vector<long>(shape[0], shape[3], height, width));
        string[] inputs = [x.Name, "", "", sizes];
        return mode == "nearest"
            ? Node(OpTypes.Resize, name, shape, inputs, ("mode", mode), ("coordinate_transformation_mode", places), ("nearest_mode", rounding))
            : Node(OpTypes.Resize, name, shape, inputs, ("mode", mode), ("coordinate_transformation_mode", places));
    }

    /// <summary>Adds a transposed convolution.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">A picture.</param>
    /// <param name="weights">Name of a float value [C][M][kH][kW].</param>
    /// <param name="bias">Name of a float value [M], or null.</param>
    /// <param name="window">That of the convolution which this one turns round: from the result to x.</param>
    /// <param name="shape">Of the result: N H W M.</param>
    public ChannelsLastValue ConvTranspose(
        string name, ChannelsLastValue x, string weights, string? bias, ChannelsLastWindow window, Shape shape)
    {
        if (!window.IsSound) throw Fail(name, $"has an impossible window ({window})");
        var vertical = Spread(name, Picture(name, x).Shape[1], shape[1], window, isHeight: true);
        var horizontal = Spread(name, x.Shape[2], shape[2], window, isHeight: false);
        return Node(OpTypes.ConvTranspose, name, shape, bias is null ? [x.Name, weights] : [x.Name, weights, bias],
            ("kernel_shape", new long[] { window.KernelHeight, window.KernelWidth }),
            ("strides", new long[] { window.StrideHeight, window.StrideWidth }),
            ("pads", new[] { vertical.Before, horizontal.Before, vertical.After, horizontal.After }),
            ("output_padding", new[] { vertical.Beyond, horizontal.Beyond }));
    }

    // What is cut off before and after, or added behind, so that the convolution of the result would give x.
    private (long Before, long After, long Beyond) Spread(string name, int size, int result, ChannelsLastWindow window, bool isHeight)
    {
        var (before, after, back) = window.Along(result, isHeight);
        if (back != size) throw Fail(name, $"makes {result} of {size} pixels, where a window of this size and stride leads from {result} to {back}");
        int kernel = isHeight ? window.KernelHeight : window.KernelWidth, stride = isHeight ? window.StrideHeight : window.StrideWidth;
        return (before, after, result - ((size - 1L) * stride + kernel - before - after));
    }
}
