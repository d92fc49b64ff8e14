using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

/// <summary>A transposed convolution is quantised as a convolution is, along its own axis of output channels.</summary>
public class TransposedLayersTests
{
    [Fact]
    public void Its_weights_have_a_scale_for_each_output_channel_and_its_steps_run_in_int8()
    {
        var graph = Decoder();
        var int8 = Quantize(graph, QuantizationSteps.All);
        foreach (var up in int8.Nodes.Where(static n => n.OpType == "ConvTranspose"))
        {
            Assert.All(up.Inputs, input => Assert.Equal("DequantizeLinear", TestGraphs.Producer(int8, input)!.OpType));
            var weights = TestGraphs.Producer(int8, up.Inputs[1])!;
            Assert.Equal(1, weights.Attributes.Int("axis", 0));
            Assert.Equal(int8.Initializers[weights.Inputs[0]].Shape[1], int8.Initializers[weights.Inputs[1]].Shape.ElementCount);
        }

        using var fused = new FusedEngine(int8, new EngineOptions());
        Assert.All(fused.Plan.Steps.Where(static s => s.Operation.StartsWith("ConvTranspose", StringComparison.Ordinal)),
            static s => Assert.StartsWith("ConvInt8", s.Kernel.Name, StringComparison.Ordinal));
        Assert.True(Distance(int8, fused) < 0.01, $"{Distance(int8, fused)} of the largest output from a literal evaluation");
    }

    [Fact]
    public void Rounding_its_weights_together_brings_it_closer_and_equalising_its_channels_changes_nothing_in_float()
    {
        var graph = Decoder();
        double nearest = SqnrDb(graph, Quantize(graph, QuantizationSteps.All & ~QuantizationSteps.Round)),
            together = SqnrDb(graph, Quantize(graph, QuantizationSteps.All));
        Assert.True(together > nearest + 0.5 && nearest > 25, $"{together:f1} dB, rounded to the nearest {nearest:f1}");
        var equalized = Quantized(graph, QuantizationSteps.Equalize).Fp32;
        Assert.NotEqual(graph.Initializers["up1.w"].ToFloats(), equalized.Initializers["up1.w"].ToFloats());
        using var before = new ReferenceEngine(graph);
        using var after = new ReferenceEngine(equalized);
        Assert.Equal(Run(before, 9), Run(after, 9));
    }

    [Fact]
    public void In_groups_it_stays_float()
    {
        var graph = Decoder(groups: 2);
        var int8 = Quantize(graph, QuantizationSteps.All);
        var up = int8.Nodes.Find(static n => n.Name == "up1")!;
        Assert.NotEqual("DequantizeLinear", TestGraphs.Producer(int8, up.Inputs[0])!.OpType);
        Assert.True(SqnrDb(graph, int8) > 25);
    }

    // Down, up twice, and a convolution to two channels, as in a U-Net; channels of the second value differ in size.
    private static Graph Decoder(int groups = 1)
    {
        var random = new Random(4);
        var graph = new Graph();
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, 3, 16, 16)));
        string Layer(string op, string name, string x, int[] shape, int outputs, params (string, object)[] attributes)
        {
            int taps = shape[2] * shape[3];
            float[] weights = Numbers(random, shape.Aggregate(1, static (a, b) => a * b));
            for (int i = 0; i < weights.Length; i++) weights[i] *= 2f / MathF.Sqrt(shape[op == "Conv" ? 1 : 0] * taps);
            if (name == "down") for (int i = 0; i < 2 * weights.Length / shape[0]; i++) weights[i] /= 40;
            string[] values = [x, graph.Add(name + ".w", Tensor.From<float>(new Shape(shape), weights)),
                graph.Add(name + ".b", Tensor.Vector<float>(Numbers(random, outputs)))];
            var node = new Node(op, name, values, [name + ".y"]);
            foreach (var (attribute, value) in attributes) node.With(attribute, value);
            return graph.Add(node);
        }

        string x = Layer("Conv", "down", "input", [8, 3, 3, 3], 8, ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        x = graph.Add(new Node("Relu", "relu0", [x], ["relu0.y"]));
        x = Layer("ConvTranspose", "up1", x, [8, 6 / groups, 4, 4], 6, ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }),
            ("group", (long)groups));
        x = graph.Add(new Node("Relu", "relu1", [x], ["relu1.y"]));
        x = Layer("ConvTranspose", "up2", x, [6, 4, 2, 2], 4, ("strides", new long[] { 2, 2 }));
        graph.Outputs.Add(new(Layer("Conv", "head", x, [2, 4, 1, 1], 2), ElementType.Float32, new Shape(1, 2, 32, 32)));
        return graph;
    }

    private static QuantizedNetwork Quantized(Graph graph, QuantizationSteps steps) => Quantizer.Quantize(
        graph, new() { Steps = steps }, static g => new ReferenceEngine(g), 8, static (engine, i) => engine.SetInput<float>(0, TestGraphs.Picture(i)));

    private static Graph Quantize(Graph graph, QuantizationSteps steps) => Quantized(graph, steps).Int8;

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    private static double Distance(Graph graph, FusedEngine fused)
    {
        using var literal = new ReferenceEngine(graph);
        float[] expected = Run(literal, 50), found = Run(fused, 50);
        return expected.Zip(found, static (e, f) => Math.Abs(e - f)).Average() / expected.Max(Math.Abs);
    }

    private static double SqnrDb(Graph graph, Graph quantized)
    {
        using var fp32 = new ReferenceEngine(graph);
        using var int8 = new ReferenceEngine(quantized);
        double signal = 0, noise = 0;
        for (int i = 100; i < 108; i++)
        {
            foreach (var (e, a) in Run(fp32, i).Zip(Run(int8, i))) (signal, noise) = (signal + e * e, noise + (e - a) * (e - a));
        }

        return 10 * Math.Log10(signal / noise);
    }

    private static float[] Run(IEngine engine, int picture)
    {
        engine.SetInput<float>(0, TestGraphs.Picture(picture));
        engine.Run();
        float[] output = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, output);
        return output;
    }
}
