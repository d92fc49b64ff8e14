namespace ResNetEdge.Device.Cameras;

/// <summary>One size that a video device lists for a format.</summary>
/// <param name="Format">Of the frames.</param>
/// <param name="Width">In pixels; the least where a range is listed.</param>
/// <param name="Height">In pixels; the least where a range is listed.</param>
/// <param name="MostWidth">In pixels.</param>
/// <param name="MostHeight">In pixels.</param>
/// <param name="FramesPerSecond">The highest listed rate; 0 when none is.</param>
internal readonly record struct VideoMode(FourCc Format, uint Width, uint Height, uint MostWidth, uint MostHeight, double FramesPerSecond)
{
    /// <summary>Whether a size is this one, or within the range.</summary>
    public bool Has(int width, int height) => width >= Width && width <= MostWidth && height >= Height && height <= MostHeight;

    /// <summary>For people: <c>YUYV 640x480 30/s</c>.</summary>
    public override string ToString()
    {
        string size = Width == MostWidth && Height == MostHeight ? $"{Width}x{Height}" : $"{Width}x{Height} to {MostWidth}x{MostHeight}";
        return $"{Format} {size}{(FramesPerSecond > 0 ? $" {FramesPerSecond:0.##}/s" : "")}";
    }
}
