using ResNetEdge.Exporter.Import.Passes;
using ResNetEdge.Onnx;

namespace ResNetEdge.Exporter.Import;

/// <summary>ONNX, as written by PyTorch, Keras (tf2onnx) and others. It has no telling first bytes, so it is known by its ending.</summary>
internal static class OnnxImport
{
    /// <summary>Whether the path ends in <c>.onnx</c>.</summary>
    public static bool Matches(string path, ReadOnlySpan<byte> head) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a model file and brings what exporters leave behind into this project's form.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, damaged or not supported.</exception>
    public static ImportedModel Read(string path)
    {
        var graph = OnnxReader.Read(path);
        var notes = new List<string>();
        if (graph.HasOpenBatch) notes.Add("the model leaves its batch open; the package takes one picture at a time");
        notes.AddRange(FeedChannelsFirst.Turned(graph).Select(static name => $"input '{name}' is N H W C in the model; the package takes N C H W"));
        bool takesPixels = FeedFloatPixels.Turned(graph).Count > 0;
        if (takesPixels) notes.Add("the model takes pixels as bytes and normalises them itself; the package feeds them as values 0 to 255");
        return new(graph, graph.Name) { Notes = notes, Pixels = takesPixels ? PixelRange.Bytes : null };
    }
}
