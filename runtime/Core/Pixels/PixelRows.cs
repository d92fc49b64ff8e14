namespace ResNetEdge.Pixels;

/// <summary>A picture as the resize wants it: row after row, u8 gray or three channels interleaved, made when asked for.</summary>
internal abstract unsafe class PixelRows
{
    /// <summary>Bytes after the last pixel asked for that may be read and mean nothing, so that vector code may run over the end.</summary>
    public const int Slack = 32;

    /// <summary>In pixels.</summary>
    public abstract int Width { get; }

    /// <summary>In pixels.</summary>
    public abstract int Height { get; }

    /// <summary>1 (gray) or 3.</summary>
    public abstract int Channels { get; }

    /// <summary>Three channels are blue, green, red instead of red, green, blue.</summary>
    public virtual bool IsBlueFirst => false;

    /// <summary>Every row stays where it is; else the next call takes its memory.</summary>
    public abstract bool StayInPlace { get; }

    /// <summary>A row; each is asked for once at least, from the top down, unless <see cref="StayInPlace"/>.</summary>
    /// <param name="y">0 to <see cref="Height"/> − 1.</param>
    /// <param name="first">First pixel that is needed.</param>
    /// <param name="end">Pixel after the last that is needed.</param>
    /// <returns>Address of pixel 0, [Width][Channels]; only what is needed may be read, and <see cref="Slack"/> bytes more.</returns>
    public abstract byte* Row(int y, int first, int end);
}
