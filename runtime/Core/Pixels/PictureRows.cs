namespace ResNetEdge.Pixels;

/// <summary>The rows of a decoded picture.</summary>
internal sealed unsafe class PictureRows : PixelRows
{
    private Picture? _picture;

    public override int Width => Of.Width;

    public override int Height => Of.Height;

    public override int Channels => Of.Channels;

    public override bool StayInPlace => true;

    private Picture Of => _picture ?? throw new InvalidOperationException("no picture yet");

    /// <summary>Takes a picture's rows from now on.</summary>
    public PictureRows Set(Picture picture)
    {
        _picture = picture;
        return this;
    }

    public override byte* Row(int y, int first, int end) => Of.Data + ((long)y * Of.Stride);
}
