using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class QuantizerTests
{
    [Fact]
    public void The_int8_network_is_close_to_the_float_one()
    {
        foreach (var method in ObserverTable.Entries)
        {
            for (int seed = 1; seed <= 3; seed++)
            {
                var graph = TestGraphs.Residual(seed);
                double sqnr = SqnrDb(graph, Quantize(graph, new QuantizationOptions { Method = method }));
                // It cuts off what only some pictures reach, and noise pictures differ in little else.
                double least = method.Name == "moving-average" ? 15 : 25;
                Assert.True(sqnr > least, $"{method.Name}, seed {seed}: {sqnr:f1} dB");
            }
        }
    }

    [Fact]
    public void All_layers_kept_in_fp32_is_refused() => Assert.Equal(
        FailureKind.BadInput,
        Assert.Throws<EdgeException>(() => Quantize(TestGraphs.Residual(), new QuantizationOptions { KeepFp32 = new LayerNames(["*"]) })).Kind);

    [Fact]
    public void Keeping_layers_in_fp32_brings_the_network_closer()
    {
        var graph = TestGraphs.Residual();
        var kept = new QuantizationOptions { KeepFp32 = new LayerNames(["stem", "block1.*", "pool"]) };
        Assert.True(SqnrDb(graph, Quantize(graph, kept)) > SqnrDb(graph, Quantize(graph, new QuantizationOptions())));
    }

    [Fact]
    public void A_quantised_graph_is_recognised()
    {
        var graph = TestGraphs.Residual();
        Assert.False(Quantizer.IsQuantized(graph));
        Assert.True(Quantizer.IsQuantized(Quantize(graph, new QuantizationOptions())));
    }

    [Fact]
    public void Channels_that_were_scaled_apart_cost_nothing()
    {
        var graph = TestGraphs.Residual();
        var scaled = Scaled(graph);
        double plain = SqnrDb(scaled, Quantize(scaled, new() { Steps = QuantizationSteps.None })),
            recovered = SqnrDb(scaled, Quantize(scaled, new())), unscaled = SqnrDb(graph, Quantize(graph, new()));
        Assert.True(plain < unscaled - 3, $"{plain:f1} dB, not far below {unscaled:f1}");
        Assert.True(recovered > unscaled - 1, $"{recovered:f1} dB instead of {unscaled:f1}");
    }

    [Fact]
    public void For_TensorRT_nothing_stands_between_the_branch_and_the_add()
    {
        var graph = TestGraphs.Residual();
        var quantized = Quantize(graph, new() { Qdq = QdqStyle.TensorRt });
        foreach (var add in quantized.Nodes.Where(n => n.OpType == "Add"))
        {
            var makers = add.Inputs.Select(input => TestGraphs.Producer(quantized, input)!.OpType).Order().ToArray();
            Assert.Equal(["Conv", "DequantizeLinear"], makers);
        }

        Assert.True(SqnrDb(graph, quantized) > 25);
        using var fused = new FusedEngine(quantized, new EngineOptions());
        Assert.Equal(2, fused.Plan.Steps.Sum(step => step.FusedAdds));
    }

    // The same network with every second channel of the first block's branch a hundredth of what it was.
    private static Graph Scaled(Graph graph)
    {
        var scaled = graph.Clone();
        const int channels = 8;
        const float factor = 1 / 64f;
        Rescale("block1.conv1.weight", (o, _) => o % 2 == 0 ? factor : 1);
        Rescale("block1.conv1.bias", (o, _) => o % 2 == 0 ? factor : 1);
        Rescale("block1.conv2.weight", (_, i) => i % 2 == 0 ? 1 / factor : 1);
        return scaled;

        void Rescale(string name, Func<int, int, float> by)
        {
            var tensor = scaled.Initializers[name];
            float[] values = tensor.ToFloats();
            int inner = values.Length / channels, perInput = Math.Max(1, inner / channels);
            for (int e = 0; e < values.Length; e++) values[e] *= by(e / inner, e % inner / perInput);
            scaled.Initializers[name] = Tensor.From<float>(tensor.Shape, values);
        }
    }

    private static Graph Quantize(Graph graph, QuantizationOptions options) =>
        Quantizer.Quantize(graph, options, g => new ReferenceEngine(g), 8, (engine, i) => engine.SetInput<float>(0, TestGraphs.Picture(i))).Int8;

    // Signal to quantisation noise of the logits, over pictures that calibration has not seen.
    private static double SqnrDb(Graph graph, Graph quantized)
    {
        using var fp32 = new ReferenceEngine(graph);
        using var int8 = new ReferenceEngine(quantized);
        double signal = 0, noise = 0;
        Span<float> expected = stackalloc float[10], actual = stackalloc float[10];
        for (int i = 100; i < 108; i++)
        {
            foreach (var engine in new[] { fp32, int8 })
            {
                engine.SetInput<float>(0, TestGraphs.Picture(i));
                engine.Run();
            }

            fp32.GetOutput(0, expected);
            int8.GetOutput(0, actual);
            for (int k = 0; k < 10; k++)
            {
                signal += expected[k] * expected[k];
                noise += (expected[k] - actual[k]) * (expected[k] - actual[k]);
            }
        }

        return 10 * Math.Log10(signal / noise);
    }
}
