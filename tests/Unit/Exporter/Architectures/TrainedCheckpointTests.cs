using System.Runtime.InteropServices;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Architectures;

/// <summary>Checkpoints that were really trained: published ones, and the demo's.</summary>
public class TrainedCheckpointTests
{
    private const int Pictures = 1;
    private const int Classes = 10;

    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    [SkippableTheory]
    [InlineData("resnet20-12fca82f.th", 20, 269_722)]
    [InlineData("resnet32-d509ac18.th", 32, 464_154)]
    [InlineData("resnet56-4bfd9763.th", 56, 853_018)]
    public void Cifar_checkpoints_are_recovered_with_depth_and_parameter_count(string file, int depth, long parameters)
    {
        var weights = CheckpointFormats.Read(SharedData.Path("cifar-resnet/" + file));
        var network = ArchitectureRecovery.Recover(weights);
        Assert.Equal(
            ("cifar-resnet", $"ResNet-{depth}", depth, parameters), (network.Family, network.Model, network.Depth, network.TrainableParameters));
        Assert.Equal("1x3x32x32", network.Graph.Inputs.Single().Shape.ToString());
        Assert.Equal("1x10", network.Graph.Outputs.Single().Shape.ToString());
        Assert.Equal((depth - 2) / 2, network.Graph.Nodes.Count(static n => n.OpType == "Add"));
        Assert.True(double.Parse(weights.Metadata["best_prec1"]) > 91);
    }

    [SkippableTheory]
    [InlineData("resnet20-12fca82f.th", "golden-resnet20-logits-first16.npy")]
    [InlineData("resnet56-4bfd9763.th", "golden-resnet56-logits-first16.npy")]
    public void Recovered_graphs_give_the_golden_logits(string file, string golden)
    {
        var network = ArchitectureRecovery.Recover(CheckpointFormats.Read(SharedData.Path("cifar-resnet/" + file)));
        byte[] pixels = File.ReadAllBytes(SharedData.Path("mlperf-tiny/cifar10-lossless-300.u8"));
        var expected =
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(SharedData.Path("mlperf-tiny/" + golden)).AsSpan()[^(16 * Classes * sizeof(float))..]);
        using var engine = new ReferenceEngine(network.Graph);
        var actual = new float[Classes];
        for (int picture = 0; picture < Pictures; picture++)
        {
            engine.SetInput<float>(0, Normalized(pixels.AsSpan(picture * 3072, 3072)));
            engine.Run();
            engine.GetOutput<float>(0, actual);
            for (int i = 0; i < Classes; i++) Assert.Equal(expected[picture * Classes + i], actual[i], 1e-3f);
        }
    }

    [Fact]
    public void The_demos_own_network_is_recovered()
    {
        var weights = CheckpointFormats.Read(Path.Combine(House.Root, "exporter/Demo/fashion-resnet14.safetensors"));
        var network = ArchitectureRecovery.Recover(weights, null, (28, 28));
        Assert.Equal(("cifar-resnet", "ResNet-14"), (network.Family, network.Model));
        Assert.Equal("1x1x28x28", network.Graph.Inputs.Single().Shape.ToString());
    }

    [SkippableFact]
    public void Densenet_is_refused_with_the_nearest_family_and_the_first_misfit()
    {
        var weights = CheckpointFormats.Read(SharedData.Path("zoo/densenet/densenet40-bc-12.pth.tar"));
        var e = Assert.Throws<EdgeException>(() => ArchitectureRecovery.Recover(weights));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("nearest is cifar-resnet", e.Message, StringComparison.Ordinal);
        Assert.Contains("'bn1.weight' has shape 132 where 24 is expected", e.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("zoo/super-resolution/rfdn/RFDN_AIM.pth", "'conv1.weight' is missing")]
    [InlineData("zoo/recurrent/silero-vad/silero_vad_16k.safetensors", "'conv1.weight' has shape 128x129x3 where 4 dimensions are expected")]
    [InlineData("zoo/recurrent/gtcrn/model_trained_on_dns3.tar", "'conv1.weight' is missing")]
    public void Checkpoints_of_other_kinds_are_read_and_fit_no_family(string file, string why)
    {
        var weights = CheckpointFormats.Read(SharedData.Path(file));
        Assert.Contains(why, Assert.Throws<EdgeException>(() => ArchitectureRecovery.Recover(weights)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_pickled_module_is_refused_by_the_name_of_its_class()
    {
        string path = SharedData.Path("grconvnet/epoch_17_iou_0.96.pt");
        var e = Assert.Throws<EdgeException>(() => CheckpointFormats.Read(path));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("'inference.models.grconvnet3.GenerativeResnet'", e.Message, StringComparison.Ordinal);
    }

    private static float[] Normalized(ReadOnlySpan<byte> hwc)
    {
        var chw = new float[hwc.Length];
        for (int i = 0; i < hwc.Length; i++) chw[i % 3 * (hwc.Length / 3) + i / 3] = (hwc[i] / 255f - Mean[i % 3]) / Std[i % 3];
        return chw;
    }
}
