using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Benchmarks;

public class SeededNetworksTests
{
    [Fact]
    public void Every_network_has_shapes_that_fit()
    {
        // large, of the same making
        foreach (string name in SeededNetworks.All.Keys.Where(n => n is not ("resnet152" or "resnet101" or "wide_resnet50_2" or "cifar_resnet1202")))
        {
            var graph = SeededNetworks.Fp32(name);
            Assert.Equal(graph.Outputs[0], ShapeInference.Infer(graph)["logits"]);
        }
    }

    [Theory]
    [InlineData("resnet18", 11_684_712)]
    [InlineData("resnet50", 25_530_472)]
    [InlineData("resnext50_32x4d", 24_994_792)]
    [InlineData("cifar_resnet20", 269_034)]
    public void Parameters_are_as_many_as_in_the_papers_networks_with_batch_norm_folded(string name, int expected)
    {
        long count = SeededNetworks.Fp32(name).Initializers.Where(i => i.Value.Type == ElementType.Float32 && i.Value.Shape.Rank > 0)
            .Sum(i => (long)i.Value.Shape.ElementCount);
        Assert.Equal(expected, count);
    }

    [Fact]
    public void The_same_name_gives_the_same_bytes() =>
        Assert.Equal(
            OnnxRoundTripTests.Write(SeededNetworks.Int8("cifar_resnet20")), OnnxRoundTripTests.Write(SeededNetworks.Int8("cifar_resnet20")));

    [Fact]
    public void An_unknown_name_is_a_usage_error_that_lists_the_known_ones() =>
        Assert.Contains("resnet18", Assert.Throws<EdgeException>(() => SeededNetworks.Fp32("resnet19")).Message, StringComparison.Ordinal);

    [Fact]
    public unsafe void Quantised_activations_use_their_range_and_hardly_leave_it()
    {
        var graph = SeededNetworks.Int8("cifar_resnet20");
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, Picture(graph));
        engine.Run();
        foreach (var node in graph.Nodes.Where(n => n.OpType == "QuantizeLinear"))
        {
            var steps = engine.Value(node.Output).As<byte>();
            int zeroPoint = graph.Initializers[node.Inputs[2]].As<byte>()[0];
            double clipped = steps.ToArray().Count(s => s == 255 || (s == 0 && zeroPoint > 0)) / (double)steps.Length;
            Assert.True(clipped < 0.01, $"{node}: {clipped:P1} clipped");
            Assert.True(steps.ToArray().Distinct().Count() > 20, $"{node}: few steps used");
        }
    }

    [SkippableTheory]
    [InlineData("cifar_resnet20")]
    [InlineData("resnet18")]
    [InlineData("mobilenet_v2")]
    public void Onnx_Runtime_runs_both_forms_and_they_agree(string name)
    {
        OnnxRuntimeHere.OrSkip();
        float[] fp32 = Logits(SeededNetworks.Fp32(name)), int8 = Logits(SeededNetworks.Int8(name));
        Assert.InRange(Correlation(fp32, int8), 0.99, 1);
    }

    private static float[] Logits(Graph graph)
    {
        byte[] bytes = OnnxRoundTripTests.Write(graph);
        using var engine = new OnnxRuntimeEngine(new ModelSource(graph.Name, null, () => bytes, _ => graph), new EngineOptions());
        engine.SetInput<float>(0, Picture(graph));
        engine.Run();
        float[] logits = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, logits);
        return logits;
    }

    // Uniform noise of variance 1, within the range of a normalised picture.
    private static float[] Picture(Graph graph)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(_ => ((random.NextSingle() * 2) - 1) * MathF.Sqrt(3))];
    }

    private static double Correlation(float[] a, float[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        double Sum(Func<int, double> term) => Enumerable.Range(0, a.Length).Sum(term);
        return Sum(i => (a[i] - meanA) * (b[i] - meanB))
            / Math.Sqrt(Sum(i => (a[i] - meanA) * (a[i] - meanA)) * Sum(i => (b[i] - meanB) * (b[i] - meanB)));
    }
}
