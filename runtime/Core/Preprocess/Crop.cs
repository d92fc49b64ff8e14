using ResNetEdge.Pixels;

namespace ResNetEdge.Preprocess;

/// <summary>Where a model's input lies in a picture: the size that the picture is resized to, and the window that is kept of it.</summary>
/// <param name="ResizedWidth">In pixels.</param>
/// <param name="ResizedHeight">In pixels.</param>
/// <param name="Left">First column kept, of the resized picture.</param>
/// <param name="Top">First row kept, of the resized picture.</param>
/// <remarks>Sizes as torchvision's Resize computes them (longer side truncated), window as its
/// CenterCrop (half a pixel goes to the even side).</remarks>
internal readonly record struct Crop(int ResizedWidth, int ResizedHeight, int Left, int Top)
{
    /// <summary>Applies a model's rule to a picture's size.</summary>
    /// <param name="spec">The rule; checked by <see cref="Preprocessor"/>.</param>
    /// <param name="file">Named in the refusal.</param>
    /// <param name="width">Of the picture, 1 to <see cref="Picture.MaxSide"/> pixels.</param>
    /// <param name="height">Of the picture, 1 to <see cref="Picture.MaxSide"/> pixels.</param>
    /// <exception cref="EdgeException">Exit 3: the model resizes nothing and the picture has another size than its input.</exception>
    public static Crop Of(PreprocessSpec spec, string file, int width, int height)
    {
        switch (spec.Resize)
        {
            case ResizeMode.Exact:
                return new Crop(spec.Width, spec.Height, 0, 0);
            case ResizeMode.ShortestSide:
                int longer = (int)((double)((long)spec.ResizeSize * Math.Max(width, height)) / Math.Min(width, height));
                (int resizedWidth, int resizedHeight) = width <= height ? (spec.ResizeSize, longer) : (longer, spec.ResizeSize);
                return new Crop(resizedWidth, resizedHeight, Middle(resizedWidth, spec.Width), Middle(resizedHeight, spec.Height));
            default:
                return width == spec.Width && height == spec.Height
                    ? new Crop(width, height, 0, 0)
                    : throw EdgeException.BadInput(
                        $"{file}: the picture is {width}x{height} pixels, but the model does not resize and needs {spec.Width}x{spec.Height}; "
                        + "resize the picture, or export the model with a resize");
        }
    }

    private static int Middle(int size, int window) => (int)Math.Round((size - window) / 2.0, MidpointRounding.ToEven);
}
