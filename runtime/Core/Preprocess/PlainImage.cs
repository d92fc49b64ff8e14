using ResNetEdge.Model;

namespace ResNetEdge.Preprocess;

/// <summary>
/// A picture in a model's own row-major input: channels before the rows, or innermost as networks from TensorFlow have them; float32, or bytes:
/// 255 times the normalised value, so that a picture's pixels come through as they are; in s8 less 128.
/// </summary>
internal static unsafe class PlainImage
{
    private const float Pixel = 1f / 255;

    /// <summary>Whether the channels are innermost: [N][H][W][1 or 3], and the second dimension is no such number.</summary>
    public static bool IsChannelsLast(Shape shape) => shape.Rank == 4 && shape[3] is 1 or 3 && shape[1] is not (1 or 3);

    /// <summary>Whether pictures can be written into an input.</summary>
    public static bool Takes(TensorInfo input) => input.Shape.Rank == 4 && input.Type is ElementType.Float32 or ElementType.UInt8 or ElementType.Int8;

    /// <summary>How normalised values become the bytes of an integer input.</summary>
    /// <param name="channels">How many.</param>
    public static ChannelSteps PixelSteps(int channels) => new(channels, Pixel, 0);

    /// <summary>Memory of one picture.</summary>
    /// <param name="data">The input's first element.</param>
    /// <param name="input">Of which <see cref="Takes"/> says yes.</param>
    /// <param name="image">Which of the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public static InputBuffer Of(byte* data, TensorInfo input, int image)
    {
        var shape = input.Shape;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)image, (uint)shape[0], nameof(image));
        bool isLast = IsChannelsLast(shape);
        var (channels, height, width) = isLast ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        long size = input.Type.Size(), pixel = isLast ? channels * size : size, row = width * pixel;
        return new InputBuffer
        {
            Data = data + image * (long)channels * height * width * size,
            Type = input.Type,
            Channels = channels,
            Height = height,
            Width = width,
            ChannelStride = isLast ? size : height * row,
            RowStride = row,
            PixelStride = pixel,
            Steps = input.Type == ElementType.Float32 ? null : PixelSteps(channels),
        };
    }
}
