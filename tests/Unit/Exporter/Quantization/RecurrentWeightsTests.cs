using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

/// <summary>A recurrent layer computes in float; its weights are stored in int8.</summary>
public class RecurrentWeightsTests
{
    private const int Steps = 6, Inputs = 5, Hidden = 7;

    [Theory]
    [InlineData("LSTM", 4, false), InlineData("LSTM", 4, true), InlineData("GRU", 3, false), InlineData("RNN", 1, true)]
    public void Its_weights_become_int8_with_a_scale_for_each_row_and_its_values_stay_float(string op, int gates, bool isBidirectional)
    {
        var graph = Layer(op, gates, isBidirectional);
        var (int8, _) = Quantize(graph, LayerNames.None);
        var layer = int8.Nodes.Find(n => n.OpType == op)!;
        Assert.Equal("x", layer.Inputs[0]);
        foreach (int input in (int[])[1, 2])
        {
            var weights = TestGraphs.Producer(int8, layer.Inputs[input])!;
            Assert.Equal(("DequantizeLinear", 1L), (weights.OpType, weights.Attributes.Int("axis", 0)));
            Assert.Equal(ElementType.Int8, int8.Initializers[weights.Inputs[0]].Type);
            Assert.Equal(gates * Hidden, int8.Initializers[weights.Inputs[1]].Shape.ElementCount);
            Assert.DoesNotContain(graph.Nodes[0].Inputs[input], int8.Initializers.Keys);
        }

        float[] expected = Run(new ReferenceEngine(graph)), literal = Run(new ReferenceEngine(int8)), found = Run(new FusedEngine(int8, new()));
        double signal = expected.Sum(static e => (double)e * e), noise = expected.Zip(literal, static (e, l) => (double)(e - l) * (e - l)).Sum();
        Assert.InRange(10 * Math.Log10(signal / noise), 30, 100);
        for (int i = 0; i < found.Length; i++) Assert.Equal(literal[i], found[i], 1e-5f);
    }

    [Fact]
    public void It_can_be_kept_in_fp32_and_is_a_layer_of_the_sensitivity_report()
    {
        var graph = Layer("LSTM", 4, false);
        Assert.Throws<EdgeException>(() => Quantize(graph, new LayerNames(["layer"])));
        var (int8, fp32) = Quantize(graph, LayerNames.None);
        Assert.Equal(["layer"], PartialQuantization.Layers(int8).Select(static n => n.Name));
        var kept = PartialQuantization.Keep(int8, fp32, new HashSet<string>());
        Assert.Equal(Run(new ReferenceEngine(graph)), Run(new ReferenceEngine(kept)));
    }

    private static Graph Layer(string op, int gates, bool isBidirectional)
    {
        var random = new Random(3);
        int directions = isBidirectional ? 2 : 1;
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(Steps, 1, Inputs)));
        string Numbers(string name, params int[] shape) => graph.Add(name, Tensor.From<float>(
            new Shape(shape), [.. Enumerable.Range(0, shape.Aggregate(static (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)]));
        string[] values = ["x", Numbers("w", directions, gates * Hidden, Inputs), Numbers("r", directions, gates * Hidden, Hidden),
            Numbers("b", directions, 2 * gates * Hidden)];
        string y = graph.Add(new Node(op, "layer", values, ["y"]).With("hidden_size", (long)Hidden)
            .With("direction", isBidirectional ? "bidirectional" : "forward"));
        graph.Outputs.Add(new(y, ElementType.Float32, new Shape(Steps, directions, 1, Hidden)));
        return graph;
    }

    private static QuantizedNetwork Quantize(Graph graph, LayerNames keep) => Quantizer.Quantize(
        graph, new() { KeepFp32 = keep }, static g => new ReferenceEngine(g), 2, static (engine, _) => engine.SetInput<float>(0, X));

    private static float[] X => [.. Enumerable.Range(0, Steps * Inputs).Select(static i => i % 11 / 4f - 1.25f)];

    private static float[] Run(IEngine engine)
    {
        using (engine)
        {
            engine.SetInput<float>(0, X);
            engine.Run();
            float[] output = new float[engine.Outputs[0].Shape.ElementCount];
            engine.GetOutput<float>(0, output);
            return output;
        }
    }
}
