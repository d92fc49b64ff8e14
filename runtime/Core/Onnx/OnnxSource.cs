namespace ResNetEdge.Onnx;

/// <summary>Where a model comes from: its name in messages, and the folder that external data may lie in.</summary>
/// <param name="Name">File name or path, the first word of every message.</param>
/// <param name="Folder">Folder of the model file; null where external data cannot exist (a package, bytes in memory).</param>
internal sealed record OnnxSource(string Name, string? Folder = null)
{
    /// <summary>The exception for a file that cannot be used.</summary>
    public EdgeException Fail(string reason, Exception? inner = null) => EdgeException.BadInput($"{Name}: {reason}", inner);
}
