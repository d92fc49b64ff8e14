namespace ResNetEdge.Pixels;

/// <summary>
/// One coded picture format: told by its first bytes, never by a file's name. Stateless; one instance stands in <see cref="PixelFormats"/>.
/// </summary>
internal abstract class PictureFormat
{
    /// <summary>For people, as in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a file that begins so is of this format.</summary>
    public abstract bool Begins(ReadOnlySpan<byte> coded);

    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">Named in refusals.</param>
    /// <param name="coded">The file's bytes; anything at all after the first few.</param>
    /// <param name="into">Receives gray or RGB. After a refusal its pixels mean nothing.</param>
    /// <exception cref="EdgeException">Exit 3: damaged, truncated, too large or of a kind that is not read. Exit 5: a library is missing.</exception>
    public abstract void Decode(string file, ReadOnlySpan<byte> coded, Picture into);
}
