namespace ResNetEdge.Preprocess;

/// <summary>How a picture becomes a model's image input, as the package's manifest says: resize, center crop, color order, normalization.</summary>
/// <remarks>Order of the steps: resize, crop to <see cref="Height"/> × <see cref="Width"/>, then
/// per channel (x / 255 − mean) / std, x in 0..255.</remarks>
public sealed record PreprocessSpec
{
    /// <summary>Height of the model's input, in pixels; at least 1.</summary>
    public required int Height { get; init; }

    /// <summary>Width of the model's input, in pixels; at least 1.</summary>
    public required int Width { get; init; }

    /// <summary>How the picture is resized before the crop.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Exact;

    /// <summary>
    /// <see cref="ResizeMode.ShortestSide"/> only: length of the picture's shorter side after the resize, in pixels; at least that of the crop.
    /// </summary>
    public int ResizeSize { get; init; }

    /// <summary>Order and number of the model's input channels.</summary>
    public ColorOrder Color { get; init; } = ColorOrder.Rgb;

    /// <summary>Subtracted from x / 255, one per channel in the model's channel order.</summary>
    public required float[] Mean { get; init; }

    /// <summary>Divides x / 255 − mean, one per channel in the model's channel order; never 0.</summary>
    public required float[] Std { get; init; }

    /// <summary>Channels of the model's input: 1 or 3.</summary>
    public int Channels => Color == ColorOrder.Gray ? 1 : 3;
}

/// <summary>How a picture is resized. The filter is always bilinear with antialias, as in PIL.</summary>
public enum ResizeMode
{
    /// <summary>Not at all: a picture of another size than the input's is refused.</summary>
    None,

    /// <summary>Aspect ratio kept, the shorter side becomes <see cref="PreprocessSpec.ResizeSize"/>; the center is cropped.</summary>
    ShortestSide,

    /// <summary>Straight to the input's height and width, aspect ratio not kept.</summary>
    Exact,
}

/// <summary>Order of the channels in a model's image input.</summary>
public enum ColorOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>One channel of luma, ITU-R 601-2 as PIL's mode L.</summary>
    Gray,
}
