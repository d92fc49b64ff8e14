using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>What moves only channels is one step on pictures, and gives what the operators' references give.</summary>
public class ChannelMovesTests
{
    private const int Channels = 24;

    [Theory]
    [InlineData("shuffle 3"), InlineData("shuffle 4"), InlineData("slice"), InlineData("slice backwards"), InlineData("gather"), InlineData("split")]
    [InlineData("DCR 2"), InlineData("CRD 2"), InlineData("slice quantised"), InlineData("CRD 2 quantised")]
    public void A_move_of_channels_gives_what_the_references_give(string kind)
    {
        foreach (int batch in new[] { 1, 2 })
        {
            var graph = PassList.Run(GraphOf(kind, batch));
            using var reference = new ReferenceEngine(graph);
            using var engine = new FusedEngine(graph, new EngineOptions());
            float[] x = [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(static i => i % 97 * 0.25f - 12)];
            reference.SetInput<float>(0, x);
            engine.SetInput<float>(0, x);
            reference.Run();
            engine.Run();
            for (int o = 0; o < graph.Outputs.Count; o++)
            {
                float[] expected = new float[reference.Outputs[o].Shape.ElementCount], found = new float[expected.Length];
                reference.GetOutput<float>(o, expected);
                engine.GetOutput<float>(o, found);
                Assert.Equal(expected, found);
            }
        }
    }

    private static Graph GraphOf(string kind, int batch)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(batch, Channels, 5, 6)));
        string x = "x";
        if (kind.EndsWith("quantised", StringComparison.Ordinal))
        {
            string[] by = [graph.Add("scale", Tensor.Scalar(0.25f)), graph.Add("zero", Tensor.Scalar((byte)100))];
            x = graph.Add(new Node("DequantizeLinear", "dq", [graph.Add(new Node("QuantizeLinear", "q", ["x", .. by], ["x.q"])), .. by], ["x.dq"]));
        }

        string[] outputs = ["y"];
        string Longs(string name, params long[] values) => graph.Add(name, Tensor.Vector<long>(values));
        switch (kind.Split(' ')[0])
        {
            case "shuffle":
                int groups = kind[^1] - '0';
                graph.Add(new Node("Reshape", "group", [x, Longs("g", batch, groups, Channels / groups, 5, 6)], ["grouped"]));
                graph.Add(new Node("Transpose", "swap", ["grouped"], ["swapped"]).With("perm", new long[] { 0, 2, 1, 3, 4 }));
                graph.Add(new Node("Reshape", "back", ["swapped", Longs("b", batch, -1, 5, 6)], ["y"]));
                break;
            case "slice":
                bool isBackwards = kind.Contains("backwards", StringComparison.Ordinal);
                long[] range = isBackwards ? [-1, 2, -3] : [3, 20, 1];
                graph.Add(new Node("Slice", "slice", [x, Longs("s", range[0]), Longs("e", range[1]), Longs("a", 1), Longs("t", range[2])], ["y"]));
                break;
            case "gather":
                graph.Add(new Node("Gather", "gather", [x, Longs("i", 5, -1, 0, 5, 6, 7, 8)], ["y"]).With("axis", 1L));
                break;
            case "split":
                outputs = ["y", "z", "w"];
                graph.Add(new Node("Split", "split", [x, Longs("l", 1, 16, 7)], outputs).With("axis", 1L));
                break;
            default:
                graph.Add(new Node("DepthToSpace", "move", [x], ["y"]).With("blocksize", 2L).With("mode", kind.Split(' ')[0]));
                break;
        }

        foreach (string output in outputs) graph.Outputs.Add(new(output, ElementType.Undefined, default));
        return graph;
    }
}
