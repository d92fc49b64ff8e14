namespace ResNetEdge.Exporter.Import;

/// <summary>A file format that holds a network's graph and weights: how to know it, and who reads it.</summary>
/// <param name="Name">For people, e.g. <c>tflite</c>.</param>
/// <param name="Matches">Whether a file is of this format, by its path's ending or by its first bytes (up to
/// <see cref="ModelFormats.HeadLength"/>).</param>
/// <param name="Read">Reads the file at a path, with height and width in pixels for a model that leaves its own open; every fault of the file is an
/// <see cref="EdgeException"/> with exit 3.</param>
internal sealed record ModelFormat(string Name, ModelFormat.Test Matches, Func<string, (int Height, int Width)?, ImportedModel> Read)
{
    /// <summary>Looks at a file's path and first bytes.</summary>
    public delegate bool Test(string path, ReadOnlySpan<byte> head);
}
