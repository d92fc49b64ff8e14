using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>One drawn node on the reference, in double precision, on the planned engine and on ONNX Runtime.</summary>
internal sealed class DraftRun
{
    private readonly NodeDraft _draft;

    /// <param name="draft">The node.</param>
    /// <param name="isLiteral">Whether the reference computes in the types of the inputs; else in float32.</param>
    public DraftRun(NodeDraft draft, bool isLiteral = false)
    {
        _draft = draft;
        var graph = Graph(_ => true, draft.Inputs);
        if (isLiteral) new ConvertToOpset17().Run(graph);
        Expected = Run(isLiteral ? graph : PassList.Read(graph));
    }

    /// <summary>What the reference gives.</summary>
    public IReadOnlyList<Tensor> Expected { get; }

    /// <summary>What the planned engine gives; null where it refuses the node for an input that is not a constant.</summary>
    public IReadOnlyList<Tensor>? OnEngine(EngineOptions options)
    {
        FusedEngine engine;
        try
        {
            engine = new FusedEngine(Declared(), options);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            return null;
        }

        using (engine)
        {
            for (int i = 0, at = 0; i < _draft.Inputs.Count; i++)
                if (_draft.Inputs[i] is { } input && !_draft.Constants[i]) engine.SetInputBytes(at++, input.Bytes.Span);
            engine.Run();
            return [.. engine.Outputs.Select((info, o) =>
            {
                byte[] bytes = new byte[info.ByteCount()];
                engine.GetOutputBytes(o, bytes);
                return new Tensor(info.Type, info.Shape, bytes);
            })];
        }
    }

    /// <summary>What ONNX Runtime gives.</summary>
    public IReadOnlyList<Tensor> OnOnnxRuntime()
    {
        using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(Declared()), isOptimized: false);
        var fed = _draft.Inputs.Where((input, i) => input is not null && !_draft.Constants[i]);
        var outputs = session.Run([.. fed.Select(static input => input!.Bytes.ToArray())]);
        return [.. outputs.Select((bytes, o) =>
        {
            Assert.True(bytes.Length == Expected[o].Bytes.Length,
                $"{_draft}, output {o}: {bytes.Length} bytes of ONNX Runtime, where {Expected[o]} is expected");
            return new Tensor(Expected[o].Type, Expected[o].Shape, bytes);
        })];
    }

    /// <summary>The first output in double precision; null where the operator does not take it.</summary>
    public double[]? Exact() => InDouble(static x => x);

    /// <summary>The sum of the sizes of what is added, in double precision; null where the operator does not take it.</summary>
    public double[]? Magnitudes() => InDouble(Math.Abs);

    private double[]? InDouble(Func<double, double> change)
    {
        try
        {
            var graph = Graph(_ => true, [.. _draft.Inputs.Select((input, i) => Wide(input, i, change))]);
            foreach (var node in graph.Nodes)
            {
                foreach (string name in (string[])["alpha", "beta", "bias"])
                    if (node.Attributes[name] is float value) node.Attributes[name] = (float)change(value);
            }

            new ConvertToOpset17().Run(graph);
            var y = Run(graph)[0];
            return y.Type == ElementType.Float64 ? y.As<double>().ToArray() : null;
        }
        catch (EdgeException)
        {
            return null;
        }
    }

    // The mean that is taken away is added to what the others give.
    private Tensor? Wide(Tensor? input, int index, Func<double, double> change)
    {
        if (input is not { Type: ElementType.Float32 }) return input;
        bool isPlace = _draft.OpType == "DeformConv" && index == 2, isTakenAway = _draft.OpType == "BatchNormalization" && index == 3;
        return Tensor.From<double>(input.Shape, [.. input.ToFloats().Select(x => isPlace ? x : isTakenAway ? -change(-x) : change(x))]);
    }

    private static IReadOnlyList<Tensor> Run(Graph graph)
    {
        using var run = new ReferenceRun(graph);
        run.Evaluate();
        return [.. graph.Outputs.Select(output =>
        {
            var view = run[output.Name];
            return new Tensor(view.Type, view.Shape, view.Bytes.ToArray());
        })];
    }

    /// <summary>The node, with the shapes of its outputs.</summary>
    private Graph Declared()
    {
        var graph = Graph(i => _draft.Constants[i], _draft.Inputs);
        for (int o = 0; o < graph.Outputs.Count; o++) graph.Outputs[o] = new(graph.Outputs[o].Name, Expected[o].Type, Expected[o].Shape);
        return graph;
    }

    private Graph Graph(Func<int, bool> isConstant, List<Tensor?> inputs)
    {
        var graph = new Graph { Opset = _draft.Opset };
        string[] names = [.. inputs.Select(static (input, i) => input is null ? "" : $"in{i}")];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] is not { } input) continue;
            if (isConstant(i)) graph.Add(names[i], input);
            else graph.Inputs.Add(new TensorInfo(names[i], input.Type, input.Shape));
        }

        string[] outputs = [.. Enumerable.Range(0, _draft.Outputs).Select(static o => $"out{o}")];
        graph.Add(new Node(_draft.OpType, "node", names, outputs) { Attributes = _draft.Attributes.Clone() });
        foreach (string output in outputs) graph.Outputs.Add(new TensorInfo(output, ElementType.Undefined, default));
        return graph;
    }
}
