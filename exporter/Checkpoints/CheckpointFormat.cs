namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>A checkpoint format: how its first bytes look, and who reads it.</summary>
/// <param name="Name">For people, e.g. <c>torch zip</c>.</param>
/// <param name="Matches">Whether a file that begins with these bytes (up to <see cref="CheckpointFormats.HeadLength"/>) is of this format.</param>
/// <param name="Read">Reads file name and seekable stream; every fault of the file is an <see cref="EdgeException"/> with exit 3.</param>
internal sealed record CheckpointFormat(string Name, CheckpointFormat.HeadTest Matches, Func<string, Stream, StateDict> Read)
{
    /// <summary>Looks at a file's first bytes.</summary>
    public delegate bool HeadTest(ReadOnlySpan<byte> head);
}
