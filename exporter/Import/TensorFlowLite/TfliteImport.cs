namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>TensorFlow Lite (LiteRT): float models, and int8 or uint8 ones, whose integers stay as they are.</summary>
internal static class TfliteImport
{
    private static ReadOnlySpan<byte> Identifier => "TFL3"u8;

    /// <summary>Whether the first bytes are a FlatBuffer's with TensorFlow Lite's identifier.</summary>
    public static bool Matches(string path, ReadOnlySpan<byte> head) =>
        head.Length >= FlatFile.HeaderBytes && head[4..FlatFile.HeaderBytes].SequenceEqual(Identifier);

    /// <summary>Reads a model file.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, damaged, hostile or not supported; an
    /// operator that is not read is named with its place.</exception>
    public static ImportedModel Read(string path)
    {
        var bytes = ModelFormats.ReadAll(path);
        var imported = TfliteConverter.Convert(TfliteReader.Read(path, bytes));
        return imported with { Labels = AttachedLabels.Read(path, bytes) };
    }
}
