using ResNetEdge.Device.Native;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Results;

namespace ResNetEdge.Engines;

/// <summary>A model as engines take it: some want the file, some its bytes, some the graph. Each form is made when first asked for.</summary>
internal sealed class ModelSource
{
    private readonly Lock _turn = new();
    private readonly Func<ReadOnlyMemory<byte>>? _read; // null for a model that is made
    private readonly Func<ReadOnlyMemory<byte>, Graph> _parse;
    private ReadOnlyMemory<byte>? _bytes;
    private Graph? _graph;
    private bool? _endsInSoftmax;
    private bool _isShared;

    /// <summary>Creates a source.</summary>
    /// <param name="name">What messages call it: the path the user gave.</param>
    /// <param name="path">The ONNX file, or null when it lies within an archive.</param>
    /// <param name="bytes">Reads the ONNX file's bytes.</param>
    /// <param name="graph">Reads the bytes as a graph.</param>
    public ModelSource(string name, string? path, Func<ReadOnlyMemory<byte>> bytes, Func<ReadOnlyMemory<byte>, Graph> graph) =>
        (Name, Path, _read, _parse) = (name, path, bytes, graph);

    /// <summary>Creates a source for a model that no file holds; its bytes are written when an engine asks for them.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="graph">Makes the graph, with types on its outputs.</param>
    public ModelSource(string name, Func<Graph> graph) => (Name, _parse) = (name, _ => graph());

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The ONNX file, or null when it lies within an archive.</summary>
    public string? Path { get; }

    /// <summary>
    /// Shapes for inputs that the file leaves open; <see cref="Graph"/> has them already, who reads the file or its bytes applies them.
    /// </summary>
    public InputShapes Shapes { get; init; } = InputShapes.None;

    /// <summary>The ONNX file's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            lock (_turn)
            {
                _isShared = true;
                return Load();
            }
        }
    }

    /// <summary>The network as the file declares it, before any pass; shared, so whoever changes it clones it.</summary>
    /// <exception cref="EdgeException">Exit 3: the file is damaged or uses what the reader does not support.</exception>
    public Graph Graph
    {
        get
        {
            lock (_turn)
            {
                _isShared = true;
                return Parse();
            }
        }
    }

    /// <summary>Whether the network's first output is probabilities, not logits; the answer outlives <see cref="Take"/>.</summary>
    /// <exception cref="EdgeException">Exit 3, as for <see cref="Graph"/>.</exception>
    public bool EndsInSoftmax
    {
        get
        {
            lock (_turn) return _endsInSoftmax ??= Classification.EndsInSoftmax(Parse());
        }
    }

    /// <summary>
    /// The graph for one who packs its weights and lets the file go. The source forgets both; asked again, it reads the file again.
    /// </summary>
    /// <exception cref="EdgeException">Exit 3, as for <see cref="Graph"/>.</exception>
    public TakenModel Take()
    {
        lock (_turn)
        {
            var graph = Parse();
            _endsInSoftmax ??= Classification.EndsInSoftmax(graph);
            // Who was given the graph or the bytes before may still be reading them.
            var taken = new TakenModel(graph, _isShared || _read is null ? null : TakenModel.MemoryOf(Load()));
            (_bytes, _graph, _isShared) = (null, null, false);
            return taken;
        }
    }

    private ReadOnlyMemory<byte> Load() => _bytes ??= _read is null ? Write(Parse()) : _read();

    private Graph Parse() => _graph ??= _parse(_read is null ? default : Load());

    private static ReadOnlyMemory<byte> Write(Graph graph)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(graph, stream);
        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }
}
