using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Calibration;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Calibration;

public class TrainingRecordTests
{
    [SkippableTheory]
    [InlineData("resnet20-12fca82f", 19)]
    [InlineData("resnet32-d509ac18", 31)]
    [InlineData("resnet56-4bfd9763", 55)]
    public void A_trained_networks_record_fits_its_weights(string network, int layers)
    {
        var record = TrainingRecord.Of(Network(SharedData.Path($"cifar-resnet/{network}.th")));
        Assert.Null(record.Doubt);
        Assert.Equal(layers, record.Layers.Count);
        Assert.Equal("conv1", record.Layers[0].Layer);
    }

    [Fact]
    public void Normalizations_that_were_never_trained_say_nothing()
    {
        var graph = Demo();
        foreach (var node in Normalizations(graph))
        {
            int channels = graph.Initializers[node.Inputs[3]].Shape[0];
            graph.Initializers[node.Inputs[3]] = Tensor.Vector<float>(new float[channels]);
            graph.Initializers[node.Inputs[4]] = Tensor.Vector<float>([.. Enumerable.Repeat(1f, channels)]);
        }

        Assert.Contains("before any training", TrainingRecord.Of(graph).Doubt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Made_up_statistics_are_not_believed(int seed)
    {
        var graph = Demo();
        var random = new Random(seed);
        foreach (var node in Normalizations(graph))
        {
            int channels = graph.Initializers[node.Inputs[3]].Shape[0];
            graph.Initializers[node.Inputs[3]] = Tensor.Vector<float>([.. Enumerable.Range(0, channels).Select(_ => random.NextSingle() - 0.5f)]);
            graph.Initializers[node.Inputs[4]] = Tensor.Vector<float>([.. Enumerable.Range(0, channels).Select(_ => random.NextSingle() + 0.5f)]);
        }

        Assert.Contains("do not fit its weights", TrainingRecord.Of(graph).Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_BatchNorm_has_no_record() => Assert.Empty(TrainingRecord.Of(Quantization.TestGraphs.Residual()).Layers);

    [Fact]
    public void What_a_layer_gave_when_it_was_recorded_diverges_by_nothing()
    {
        var random = new Random(4);
        var seen = new ChannelStatistics(3);
        float[] values = [.. Enumerable.Range(0, 3000).Select(i => (random.NextSingle() - 0.5f) * (1 + i / 1000) + i / 1000)];
        Assert.True(seen.Add(values));
        float[] means = [.. Enumerable.Range(0, 3).Select(c => (float)seen.Mean(c))],
            deviations = [.. Enumerable.Range(0, 3).Select(c => (float)seen.Deviation(c))];
        var fit = LayerFit.Of(new("a", "v", means, deviations, means, deviations), seen)!;
        Assert.Equal((1, 0, 0), (Math.Round(fit.Ratio, 5), Math.Round(fit.Shift, 5), Math.Round(fit.Divergence, 5)));
        var wider = LayerFit.Of(new("a", "v", means, [.. deviations.Select(d => d / 2)], means, deviations), seen)!;
        Assert.Equal(2, wider.Ratio, 4);
        Assert.Equal(1.5 - Math.Log(2), wider.Divergence, 3); // of N(0, 2²) from N(0, 1)
    }

    [Fact]
    public void The_normal_distribution_is_that_of_the_tables()
    {
        Assert.Equal(0.5, NormalDistribution.Cumulative(0), 6);
        Assert.Equal(0.975, NormalDistribution.Cumulative(1.959964), 6);
        Assert.Equal(0.00135, NormalDistribution.Cumulative(-3), 5);
    }

    private static IEnumerable<Node> Normalizations(Graph graph) => graph.Nodes.Where(n => n.OpType == "BatchNormalization");

    private static Graph Demo() => Network(Path.Combine(House.Root, "exporter", "Demo", "fashion-resnet14.safetensors"));

    private static Graph Network(string path) => ArchitectureRecovery.Recover(CheckpointFormats.Read(path), "auto", (32, 32)).Graph;
}
