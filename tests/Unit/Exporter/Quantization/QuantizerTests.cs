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
                double least = method.Name == "moving-average" ? 15 : 25; // it cuts off what only some pictures reach, and noise pictures differ in little else
                Assert.True(sqnr > least, $"{method.Name}, seed {seed}: {sqnr:f1} dB");
            }
        }
    }

    [Fact]
    public void All_layers_kept_in_fp32_is_refused() => Assert.Equal(
        ExitCode.BadInput, Assert.Throws<EdgeException>(() => Quantize(TestGraphs.Residual(), new QuantizationOptions { KeepFp32 = new LayerNames(["*"]) })).Code);

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
