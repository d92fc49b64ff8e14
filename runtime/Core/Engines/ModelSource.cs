using ResNetEdge.Model;

namespace ResNetEdge.Engines;

/// <summary>A model as engines take it: some want the file, some its bytes, some the graph. Each form is made when first asked for.</summary>
internal sealed class ModelSource
{
    private readonly Lazy<ReadOnlyMemory<byte>> _bytes;
    private readonly Lazy<Graph> _graph;

    /// <summary>Creates a source.</summary>
    /// <param name="name">What messages call it: the path the user gave.</param>
    /// <param name="path">The ONNX file, or null when it lies within an archive.</param>
    /// <param name="bytes">Reads the ONNX file's bytes.</param>
    /// <param name="graph">Reads the bytes as a graph.</param>
    public ModelSource(string name, string? path, Func<ReadOnlyMemory<byte>> bytes, Func<ReadOnlyMemory<byte>, Graph> graph)
    {
        (Name, Path) = (name, path);
        _bytes = new Lazy<ReadOnlyMemory<byte>>(bytes, LazyThreadSafetyMode.ExecutionAndPublication);
        _graph = new Lazy<Graph>(() => graph(_bytes.Value), LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The ONNX file, or null when it lies within an archive.</summary>
    public string? Path { get; }

    /// <summary>The ONNX file's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Value;

    /// <summary>The network as the file declares it, before any pass; shared, so whoever changes it clones it.</summary>
    /// <exception cref="EdgeException">Exit 3: the file is damaged or uses what the reader does not support.</exception>
    public Graph Graph => _graph.Value;
}
