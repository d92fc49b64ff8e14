using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>
/// A graph evaluated operator by operator on their slow, exact references, every value in its own memory. The reference engine runs whole
/// networks so, constant folding single nodes.
/// </summary>
internal sealed unsafe class GraphEvaluation : IDisposable
{
    private readonly Graph _graph;
    private readonly Dictionary<string, TensorInfo> _infos;
    private readonly Dictionary<string, TensorView> _values = new(StringComparer.Ordinal);
    private readonly List<nint> _memory = [];

    /// <summary>Infers shapes, allocates every value and copies the constants.</summary>
    /// <exception cref="EdgeException">Exit 3: the graph is not one that this project supports.</exception>
    public GraphEvaluation(Graph graph)
    {
        _graph = graph;
        _infos = ShapeInference.Infer(graph);
        foreach (var info in _infos.Values) _values[info.Name] = Allocate(info);
        foreach (var (name, constant) in graph.Initializers) constant.Bytes.Span.CopyTo(_values[name].Bytes);
    }

    /// <summary>Type and shape of any value of the graph.</summary>
    public TensorInfo Info(string name) => _infos[name];

    /// <summary>Any value of the graph; what nodes compute is there after <see cref="Run"/>.</summary>
    public TensorView Value(string name) => _values[name];

    /// <summary>Evaluates the nodes in order, on what the inputs hold.</summary>
    public void Run()
    {
        foreach (var node in _graph.Nodes)
        {
            TensorView[] inputs = [.. node.Inputs.Select(View)], outputs = [.. node.Outputs.Select(View)];
            OperatorTable.Of(node).Evaluate(node, inputs, outputs);
        }
    }

    /// <summary>Frees the values' memory.</summary>
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
