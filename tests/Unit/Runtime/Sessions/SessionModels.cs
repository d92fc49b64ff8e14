using ResNetEdge.Model;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>Networks small enough to know their answers by heart, and the engines that sessions run them on.</summary>
internal static class SessionModels
{
    /// <summary>Element types that a session feeds and reads.</summary>
    public static readonly ElementType[] Types =
    [
        ElementType.Float32, ElementType.UInt8, ElementType.Int8, ElementType.Int32, ElementType.Int64, ElementType.Bool, ElementType.Float16,
        ElementType.Float64, ElementType.Int16, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64,
    ];

    /// <summary>Every engine that has a name of its own.</summary>
    public static TheoryData<string> Engines => ["fused", "onnxruntime"];

    /// <summary>Inputs 'a' and 'b', outputs 'sum' = a + b and 'difference' = a − b, all float32 of 2x3.</summary>
    public static Graph SumAndDifference()
    {
        var (graph, shape) = (new Graph { Name = "sums" }, new Shape(2, 3));
        graph.Inputs.AddRange([new("a", ElementType.Float32, shape), new("b", ElementType.Float32, shape)]);
        graph.Add(new Node("Add", "add", ["a", "b"], ["sum"]));
        graph.Add(new Node("Sub", "sub", ["a", "b"], ["difference"]));
        graph.Outputs.AddRange([new("sum", ElementType.Float32, shape), new("difference", ElementType.Float32, shape)]);
        return graph;
    }

    /// <summary>For each of <see cref="Types"/> an input of 2x3 of that name and its transpose, of 3x2, named <c>T</c> and the type.</summary>
    public static Graph TransposedTypes()
    {
        var graph = new Graph { Name = "types" };
        foreach (var type in Types)
        {
            graph.Inputs.Add(new($"{type}", type, new Shape(2, 3)));
            graph.Add(new Node("Transpose", $"transpose {type}", [$"{type}"], [$"T{type}"]));
            graph.Outputs.Add(new($"T{type}", type, new Shape(3, 2)));
        }

        return graph;
    }

    /// <summary>One input and one output of 1x4: y = max(0, x).</summary>
    public static Graph Positive()
    {
        var (graph, shape) = (new Graph { Name = "positive" }, new Shape(1, 4));
        graph.Inputs.Add(new("x", ElementType.Float32, shape));
        graph.Add(new Node("Relu", "relu", ["x"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, shape));
        return graph;
    }

    /// <summary>A session on that engine; skips the test where it cannot be had.</summary>
    public static Session Create(Graph graph, string engine)
    {
        NeedsEngine(engine);
        return Session.Create(graph, new SessionOptions { Engine = engine });
    }

    /// <summary>Skips the test where the engine cannot be had.</summary>
    public static void NeedsEngine(string engine)
    {
        if (engine == "onnxruntime") OnnxRuntimeHere.OrSkip();
    }
}
