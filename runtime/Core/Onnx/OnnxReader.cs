using Google.Protobuf;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Files;
using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>
/// Reads an ONNX file. Knows the format and nothing of operators: which of them can run, and on which shapes, is decided by those
/// who run the graph. Weights are held once: constants are slices of the file's bytes.
/// </summary>
public static class OnnxReader
{
    /// <summary>Oldest operator set whose operators have the meaning that ours have.</summary>
    public const int OldestOpset = 1;

    /// <summary>Newest operator set whose operators have the meaning that ours have.</summary>
    public const int NewestOpset = 23;

    private const int OldestIr = 3, NewestIr = 13;

    private static readonly MessageParser<ModelProto> ModelParser = ModelProto.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<GraphProto> GraphParser = GraphProto.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<TensorProto> TensorParser = TensorProto.Parser.WithDiscardUnknownFields(true);

    /// <summary>Reads a model file; weights kept in files beside it are found in its folder.</summary>
    /// <returns>The graph as the file has it. An open batch dimension of an input is 1. An output whose shape the file does not state has
    /// the type <see cref="ElementType.Undefined"/> and waits for shape inference.</returns>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable, damaged or not supported; the message says which and where.</exception>
    public static Graph Read(string path) => Read(ReadBytes(path).Memory, path, FolderOf(path));

    /// <summary>Reads a model held in memory, which the graph's constants go on sharing.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="EdgeException">Exit 3, as for a file.</exception>
    /// <param name="folder">Folder that external data may lie in; null when there may be none.</param>
    public static Graph Read(ReadOnlyMemory<byte> bytes, string name, string? folder = null) =>
        Read(bytes, new OnnxSource(name, folder), InputShapes.None);

    /// <summary>Reads a model file into memory without looking into it.</summary>
    /// <exception cref="EdgeException">Exit 3: missing or unreadable.</exception>
    internal static FileBytes ReadBytes(string path)
    {
        try
        {
            using var file = RegularFile.Open(path, 0);
            if (file.Length > Array.MaxLength) throw new OnnxSource(path).Fail($"has {file.Length} bytes, more than the {Array.MaxLength} allowed");
            var bytes = new FileBytes((int)file.Length);
            file.ReadExactly(bytes.GetSpan());
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OnnxSource(path).Fail($"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Where a model file's external data lie.</summary>
    internal static string? FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path));

    /// <summary>Reads a model held in memory, which the graph's constants go on sharing.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">Its name in messages, and the folder of external data.</param>
    /// <param name="shapes">Shapes for inputs that the file leaves open.</param>
    /// <exception cref="EdgeException">BadInput, as for a file; Usage: the shapes do not fit the model.</exception>
    internal static Graph Read(ReadOnlyMemory<byte> bytes, OnnxSource source, InputShapes shapes)
    {
        if (bytes.IsEmpty) throw source.Fail("the file is empty");
        if (MistakenFile.Of(bytes.Span) is { } mistake) throw source.Fail(mistake);
        try
        {
            WireLimits.Check(bytes.Span);
            var (graphs, modelRest) = WireSplit.Take(bytes, ModelProto.GraphFieldNumber);
            var model = ModelParser.ParseFrom(modelRest.Span);
            if (graphs.Count != 1)
                throw source.Fail($"contains {graphs.Count} graphs where an ONNX model has one; it is not an ONNX model, or it is damaged");
            int? version = CheckVersions(model, source);
            var (tensors, graphRest) = WireSplit.Take(graphs[0], GraphProto.InitializerFieldNumber);
            var graph = GraphParser.ParseFrom(graphRest.Span);
            int opset = version ?? throw NoOpset(graph, source);
            if (model.Functions.Count > 0) new FunctionInliner(source, model.Functions, opset).Inline(graph);
            var tensorReader = new TensorReader(source);
            return new GraphReader(source, tensorReader, shapes).Read(graph, tensors.Select(t => Initializer(t, tensorReader)), opset);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            throw source.Fail($"is not an ONNX model, or it is damaged: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static (string Name, Tensor Value) Initializer(ReadOnlyMemory<byte> message, TensorReader reader)
    {
        var (raws, rest) = WireSplit.Take(message, TensorProto.RawDataFieldNumber);
        var proto = TensorParser.ParseFrom(rest.Span);
        // protobuf: the last one counts
        return (proto.Name, reader.Read(proto, raws.Count > 0 ? raws[^1] : (ReadOnlyMemory<byte>?)null, $"initializer '{proto.Name}'"));
    }

    private static int? CheckVersions(ModelProto model, OnnxSource source)
    {
        if (model.IrVersion is < OldestIr or > NewestIr)
            throw source.Fail($"has ONNX IR version {model.IrVersion}; {OldestIr} to {NewestIr} are supported");
        var versions = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).Distinct().ToArray();
        return versions switch
        {
            [] => null,
            [>= OldestOpset and <= NewestOpset] => (int)versions[0],
            _ => throw source.Fail(
                $"uses ONNX operator set {string.Join(" and ", versions)}; one of {OldestOpset} to {NewestOpset} is supported, convert the model"),
        };
    }

    private static EdgeException NoOpset(GraphProto graph, OnnxSource source)
    {
        // A file without ONNX's own operators need not name their set.
        string[] foreign = [.. graph.Node.Where(n => n.Domain is not ("" or "ai.onnx")).Select(n => $"{n.Domain}::{n.OpType}").Distinct()];
        return foreign.Length > 0 && graph.Node.All(n => n.Domain is not ("" or "ai.onnx"))
            ? source.Fail(UnsupportedOperators.Sentence(foreign, graph.Node[0].Name))
            : source.Fail($"names no version of the ONNX operator set; {OldestOpset} to {NewestOpset} are supported");
    }
}
