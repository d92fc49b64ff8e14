using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>
/// Runs a graph operator by operator on their slow, exact references: no fusion, no layout, every value in its own memory.
/// What the other engines are tested against.
/// </summary>
internal sealed unsafe class ReferenceEngine : IEngine
{
    private readonly GraphEvaluation _evaluation;

    /// <summary>Infers shapes and allocates every value.</summary>
    /// <exception cref="EdgeException">BadInput: the graph is not one that this project supports.</exception>
    public ReferenceEngine(Graph graph)
    {
        _evaluation = new GraphEvaluation(graph);
        Inputs = graph.Inputs;
        Outputs = [.. graph.Outputs.Select(o => _evaluation.Info(o.Name))];
    }

    public string Name => "reference";

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged
    {
        var input = Value(Inputs[index].Name).As<T>();
        if (values.Length != input.Length) throw new ArgumentException($"{values.Length} values for an input of {input.Length}");
        values.CopyTo(input);
    }

    public InputBuffer ImageInput(int index, int image = 0)
    {
        var view = Value(Inputs[index].Name);
        if (!PlainImage.Takes(Inputs[index]))
            throw EdgeException.BadInput($"input '{Inputs[index].Name}' ({view.Type}[{view.Shape}]) is not a picture");
        return PlainImage.Of((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(view.Bytes)), Inputs[index], image);
    }

    public void Run() => _evaluation.Run();

    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged
    {
        var output = Value(Outputs[index].Name).As<T>();
        if (values.Length != output.Length) throw new ArgumentException($"room for {values.Length} values of an output of {output.Length}");
        output.CopyTo(values);
    }

    public IEngine Fork() => new ReferenceEngine(_graph);

    /// <summary>Any value of the graph after a run.</summary>
    public TensorView Value(string name) => _evaluation.Value(name);

    public void Dispose() => _evaluation.Dispose();
}
