using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>The operators' references as an engine: what the other engines are tested against.</summary>
internal sealed unsafe class ReferenceEngine : IEngine
{
    private readonly Graph _graph;
    private readonly ReferenceRun _run;

    /// <summary>Infers shapes and allocates every value.</summary>
    /// <exception cref="EdgeException">BadInput: the graph is not one that this project supports.</exception>
    public ReferenceEngine(Graph graph)
    {
        (_graph, _run) = (graph, new ReferenceRun(graph));
        Inputs = graph.Inputs;
        Outputs = [.. graph.Outputs.Select(o => new TensorInfo(o.Name, _run[o.Name].Type, _run[o.Name].Shape))];
    }

    public string Name => "reference";

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged
    {
        var input = _run[Inputs[index].Name].As<T>();
        if (values.Length != input.Length) throw new ArgumentException($"{values.Length} values for an input of {input.Length}");
        values.CopyTo(input);
    }

    public InputBuffer ImageInput(int index, int image = 0)
    {
        var view = _run[Inputs[index].Name];
        if (!PlainImage.Takes(Inputs[index]))
            throw EdgeException.BadInput($"input '{Inputs[index].Name}' ({view.Type}[{view.Shape}]) is not a picture");
        return PlainImage.Of((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(view.Bytes)), Inputs[index], image);
    }

    public void Run() => _run.Evaluate();

    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged
    {
        var output = Value(Outputs[index].Name).As<T>();
        if (values.Length != output.Length) throw new ArgumentException($"room for {values.Length} values of an output of {output.Length}");
        output.CopyTo(values);
    }

    public IEngine Fork(int? threads = null) => new ReferenceEngine(_graph);

    /// <summary>Any value of the graph after a run.</summary>
    public TensorView Value(string name) => _run[name];

    public void Dispose() => _run.Dispose();
}
