namespace ResNetEdge.Pixels.Frames;

/// <summary>What a frame is to be as a JPEG.</summary>
/// <param name="MostWidth">In pixels; a wider frame is reduced by a whole number.</param>
/// <param name="MostHeight">In pixels; likewise.</param>
/// <param name="Quality">1 to 100, of what is coded here.</param>
/// <param name="KeepsCoded">A camera's own JPEG is passed on as it is, however large.</param>
internal readonly record struct JpegForm(int MostWidth, int MostHeight, int Quality, bool KeepsCoded)
{
    /// <summary>Whole number by which a frame is reduced; 1: it fits.</summary>
    public int Divisor(int width, int height) => Math.Max((width + MostWidth - 1) / MostWidth, (height + MostHeight - 1) / MostHeight);
}
