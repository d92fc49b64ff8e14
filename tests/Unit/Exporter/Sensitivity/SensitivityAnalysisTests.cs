using ResNetEdge.Engines;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Model;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Unit.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Sensitivity;

public class SensitivityAnalysisTests
{
    [Fact]
    public void With_every_layer_kept_the_network_is_the_int8_one_and_with_none_the_float_one()
    {
        var (fp32, int8) = Networks();
        var all = PartialQuantization.Layers(int8).Select(n => n.Name).Concat(int8.Nodes.Select(n => n.Name)).ToHashSet();
        Assert.Equal(Logits(int8), Logits(PartialQuantization.Keep(int8, fp32, all)));
        var none = PartialQuantization.Keep(int8, fp32, new HashSet<string>());
        Assert.Equal(Logits(fp32), Logits(none));
        Assert.DoesNotContain(none.Nodes, n => n.OpType is "QuantizeLinear" or "DequantizeLinear");
    }

    [Fact]
    public void One_layer_alone_costs_less_than_all_and_more_than_nothing()
    {
        var sensitivity = Measure(null);
        Assert.Equal(["stem", "block1.conv1", "block1.conv2", "block1.add", "block2.conv1", "block2.conv2", "block2.add", "gap", "fc"],
            sensitivity.Layers.Select(l => l.Layer));
        Assert.All(sensitivity.Layers, l => Assert.InRange(l.Quantized.SqnrDb, sensitivity.Quantized!.SqnrDb - 1, OutputChange.MostDb - 1));
        Assert.Equal(sensitivity.Macs, sensitivity.Layers.Sum(l => l.Macs));
        Assert.Equal(sensitivity.Costliest().First().Quantized.KlNats, sensitivity.Layers.Max(l => l.Quantized.KlNats));
    }

    [Fact]
    public void A_block_that_does_nothing_can_be_hidden_and_one_that_does_cannot()
    {
        var (fp32, _) = Networks();
        foreach (string name in new[] { "block1.conv2.weight", "block1.conv2.bias" })
            fp32.Initializers[name] =
                Tensor.From<float>(fp32.Initializers[name].Shape, [.. fp32.Initializers[name].ToFloats().Select(v => v * 1e-3f)]);
        var sensitivity =
            new SensitivityAnalysis(g => new ReferenceEngine(g), ProgressDisplay.None).Measure(fp32, null, SensitivityScope.Full, Pictures, null);
        Assert.Empty(sensitivity.Layers);
        Assert.Equal(["identity", "parameter_free"], sensitivity.Blocks.Select(b => b.Shortcut));
        Assert.InRange(sensitivity.Blocks[0].BranchRatio, 1e-5, 0.01);
        Assert.True(sensitivity.Blocks[0].Hidden.KlNats < 0.01 * sensitivity.Blocks[1].Hidden.KlNats);
        Assert.Null(sensitivity.Blocks[0].HiddenRight);
    }

    [Fact]
    public void With_labels_right_answers_are_counted()
    {
        int[] classes = [.. Enumerable.Range(0, Pictures.Count).Select(i => TopK.Largest(Logits(Networks().Fp32, i)))];
        var sensitivity = Measure(Pictures with { Classes = classes });
        Assert.Equal((true, sensitivity.HidingImages), (sensitivity.HasLabels, sensitivity.Right));
        // The labels are the network's own answers.
        Assert.All(sensitivity.Blocks, b => Assert.Equal(b.Hidden.Agreement!.Value, b.HiddenRight!.Value / (double)sensitivity.HidingImages, 4));
    }

    [Fact]
    public void The_divergence_is_that_of_the_probabilities()
    {
        var comparison = new OutputComparison(areClasses: true, areProbabilities: false);
        comparison.Add([1, 2, 3], [1, 2, 2]);
        double[] p = Softmax(1, 2, 3), q = Softmax(1, 2, 2);
        var change = comparison.Result();
        Assert.Equal(p.Zip(q).Sum(t => t.First * Math.Log(t.First / t.Second)), change.KlNats!.Value, 4);
        Assert.Equal(10 * Math.Log10(14.0 / 1), change.SqnrDb, 2);
        Assert.Equal(11 / Math.Sqrt(14 * 9.0), change.Cosine, 5);
        Assert.Equal(0, change.Agreement); // the first of two equal ones is class 1
    }

    [Fact]
    public void Nothing_changed_is_200_decibels_and_no_divergence()
    {
        var comparison = new OutputComparison(true, true);
        comparison.Add([0.25f, 0.75f], [0.25f, 0.75f]);
        Assert.Equal(new OutputChange(200, 1, 0, 1), comparison.Result());
    }

    internal static SensitivityReport Measure(SensitivityPictures? labelled)
    {
        var (fp32, int8) = Networks();
        return new SensitivityAnalysis(
            g => new ReferenceEngine(g), ProgressDisplay.None).Measure(fp32, int8, SensitivityScope.Full, Pictures, labelled);
    }

    private static SensitivityPictures Pictures { get; } = new(6, (engine, i) => engine.SetInput<float>(0, TestGraphs.Picture(i)));

    private static (Graph Fp32, Graph Int8) Networks()
    {
        var quantized = Quantizer.Quantize(TestGraphs.Residual(), new QuantizationOptions(), g => new ReferenceEngine(g), 6, Pictures.Feed);
        return (quantized.Fp32, quantized.Int8);
    }

    private static float[] Logits(Graph graph, int picture = 2)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, TestGraphs.Picture(picture));
        engine.Run();
        float[] logits = new float[10];
        engine.GetOutput<float>(0, logits);
        return logits;
    }

    private static double[] Softmax(params double[] logits) => [.. logits.Select(l => Math.Exp(l) / logits.Sum(Math.Exp))];
}
