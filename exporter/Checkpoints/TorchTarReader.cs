namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>The oldest torch format, a tar of before version 0.1.10: recognised, and refused with what to do.</summary>
internal static class TorchTarReader
{
    private const int MagicOffset = 257;

    /// <summary>Whether the first bytes are a tar's.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length >= MagicOffset + 5 && head[MagicOffset..].StartsWith("ustar"u8);

    /// <summary>Refuses the file and says how to convert it.</summary>
    /// <exception cref="EdgeException">Exit 3, always.</exception>
    public static StateDict Read(string fileName, Stream stream) => throw EdgeException.BadInput(
        $"{fileName}: a tar archive; if it is a checkpoint of torch before 0.1.10, load it there and save it again, otherwise unpack it first");
}
