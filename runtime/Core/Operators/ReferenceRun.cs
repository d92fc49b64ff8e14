using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>
/// A graph computed operator by operator on their slow, exact references: no fusion, no layout, every value in memory of its own that
/// stays until the end.
/// </summary>
internal sealed unsafe class ReferenceRun : IDisposable
{
    private readonly Graph _graph;
    private readonly Dictionary<string, TensorView> _values = new(StringComparer.Ordinal);
    private readonly List<nint> _memory = [];

    /// <summary>Infers shapes and allocates every value; constants have theirs from the start.</summary>
    /// <exception cref="EdgeException">BadInput: the graph is not one that this project supports.</exception>
    public ReferenceRun(Graph graph)
    {
        _graph = graph;
        foreach (var info in ShapeInference.Infer(graph).Values) _values[info.Name] = Allocate(info);
        foreach (var (name, constant) in graph.Initializers) constant.Bytes.Span.CopyTo(_values[name].Bytes);
    }

    /// <summary>Any value of the graph: an input before <see cref="Evaluate"/>, everything else after it.</summary>
    public TensorView this[string name] => _values[name];

    /// <summary>Evaluates every node, in the graph's order.</summary>
    public void Evaluate()
    {
        foreach (var node in _graph.Nodes)
        {
            TensorView[] inputs = [.. node.Inputs.Select(View)], outputs = [.. node.Outputs.Select(View)];
            OperatorTable.Of(node).Evaluate(node, inputs, outputs);
        }
    }

    /// <inheritdoc/>
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
