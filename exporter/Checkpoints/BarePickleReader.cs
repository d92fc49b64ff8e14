namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>A pickle without torch's magic number, as pickle.dump writes it: recognised, and refused with what to do.</summary>
internal static class BarePickleReader
{
    /// <summary>Whether the first bytes are a pickle's of protocol 2 to 5.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head is [0x80, >= 2 and <= 5, ..];

    /// <summary>Refuses the file and says how to save the checkpoint.</summary>
    /// <exception cref="EdgeException">Exit 3, always.</exception>
    public static StateDict Read(string fileName, Stream stream) => throw EdgeException.BadInput(
        $"{fileName}: a pickle without torch's magic number: truncated, or written by pickle.dump; "
            + "write it with torch.save(model.state_dict(), path)");
}
