using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>One GRU layer over sound, as a network of many steps and as one of a single step whose state goes in and out.</summary>
internal static class StreamingModels
{
    /// <summary>Numbers of a step and of the state.</summary>
    public const int Inputs = 3, Hidden = 5;

    /// <summary>The state of the streaming form.</summary>
    public static readonly ModelState[] States = [new("h_out", "h_in")];

    /// <summary>'x' [steps][1][3] gives 'y' [steps][1][1][5]; a streaming form also has 'h_in' and 'h_out' [1][1][5].</summary>
    public static Graph Gru(int steps, bool isStreaming)
    {
        var random = new Random(1);
        var graph = new Graph { Name = "gru" };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(steps, 1, Inputs)));
        graph.Add("w", Noise(random, 1, 3 * Hidden, Inputs));
        graph.Add("r", Noise(random, 1, 3 * Hidden, Hidden));
        var node = new Node("GRU", "gru", ["x", "w", "r"], ["y"]).With("hidden_size", (long)Hidden);
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(steps, 1, 1, Hidden)));
        if (isStreaming)
        {
            var state = new Shape(1, 1, Hidden);
            graph.Inputs.Add(new TensorInfo("h_in", ElementType.Float32, state));
            node.Inputs.AddRange(["", "", "h_in"]);
            node.Outputs.Add("h_out");
            graph.Outputs.Add(new TensorInfo("h_out", ElementType.Float32, state));
        }

        graph.Add(node);
        return graph;
    }

    /// <summary>So many steps of sound.</summary>
    public static float[] Sound(int steps)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, steps * Inputs).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static Tensor Noise(Random random, params int[] shape)
    {
        var dimensions = new Shape(shape);
        return Tensor.From<float>(dimensions, [.. Enumerable.Range(0, dimensions.ElementCount).Select(_ => random.NextSingle() - 0.5f)]);
    }
}
