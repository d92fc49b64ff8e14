using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>
/// Runs a graph operator by operator on their slow, exact references: no fusion, no layout, every value in its own memory.
/// What the other engines are tested against; also folds constants.
/// </summary>
internal sealed unsafe class ReferenceEngine : IEngine
{
    private readonly Graph _graph;
    private readonly Dictionary<string, TensorView> _values = new(StringComparer.Ordinal);
    private readonly List<nint> _memory = [];

    /// <summary>Infers shapes and allocates every value.</summary>
    /// <exception cref="EdgeException">Exit 3: the graph is not one that this project supports.</exception>
    public ReferenceEngine(Graph graph)
    {
        _graph = graph;
        var infos = ShapeInference.Infer(graph);
        foreach (var info in infos.Values) _values[info.Name] = Allocate(info);
        foreach (var (name, constant) in graph.Initializers) constant.Bytes.Span.CopyTo(_values[name].Bytes);
        Inputs = graph.Inputs;
        Outputs = [.. graph.Outputs.Select(o => infos[o.Name])];
    }

    public string Name => "reference";

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged
    {
        var input = _values[Inputs[index].Name].As<T>();
        if (values.Length != input.Length) throw new ArgumentException($"{values.Length} values for an input of {input.Length}");
        values.CopyTo(input);
    }

    public InputBuffer ImageInput(int index, int image = 0)
    {
        var view = _values[Inputs[index].Name];
        if (!PlainImage.Takes(Inputs[index]))
            throw EdgeException.BadInput($"input '{Inputs[index].Name}' ({view.Type}[{view.Shape}]) is not a picture");
        return PlainImage.Of((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(view.Bytes)), Inputs[index], image);
    }

    public void Run()
    {
        foreach (var node in _graph.Nodes)
        {
            TensorView[] inputs = [.. node.Inputs.Select(View)], outputs = [.. node.Outputs.Select(View)];
            OperatorTable.Of(node).Evaluate(node, inputs, outputs);
        }
    }

    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged
    {
        var output = Value(Outputs[index].Name).As<T>();
        if (values.Length != output.Length) throw new ArgumentException($"room for {values.Length} values of an output of {output.Length}");
        output.CopyTo(values);
    }

    /// <summary>Any value of the graph after a run.</summary>
    public TensorView Value(string name) => _values[name];

    public void Dispose()
    {
        foreach (nint p in _memory) NativeMemory.Free((void*)p);
        _memory.Clear();
        _values.Clear();
    }

    private TensorView View(string name) => name.Length == 0 ? default : _values[name];

    private TensorView Allocate(TensorInfo info)
    {
        void* p = NativeMemory.AllocZeroed((nuint)info.Shape.ElementCount * (nuint)info.Type.Size() + 1);
        _memory.Add((nint)p);
        return new TensorView(info.Type, info.Shape, p);
    }
}
