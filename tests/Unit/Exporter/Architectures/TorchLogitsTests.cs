using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Exporter.Commands;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Architectures;

/// <summary>A recovered graph computes what the torch module computed from which the checkpoint came.</summary>
[Collection(SharesTorch.Name)]
public class TorchLogitsTests(TorchCheckpoints torch)
{
    private const float RelativeBound = 1e-4f; // of the largest logit: sums of fp32 in another order

    [SkippableTheory]
    [InlineData("cifar-a", "cifar-resnet", "ResNet-8", 32, 32)]
    [InlineData("cifar-a-odd", "cifar-resnet", "ResNet-10", 27, 29)]
    [InlineData("cifar-b", "cifar-resnet", "ResNet-14", 28, 28)]
    [InlineData("cifar-bottleneck", "cifar-resnet", "ResNet-14", 16, 16)]
    [InlineData("torchvision-basic", "torchvision-resnet", "ResNet-12", 64, 48)]
    [InlineData("torchvision-grouped", "torchvision-resnet", "ResNeXt-17-4x2d", 64, 64)]
    [InlineData("torchvision-small-stem", "torchvision-resnet", "ResNet-12", 24, 24)]
    [InlineData("preact-basic", "preact-resnet", "PreAct-ResNet-12", 32, 32)]
    [InlineData("preact-last-bn", "preact-resnet", "PreAct-ResNet-14", 16, 16)]
    public void Logits_equal_torchs(string name, string family, string model, int height, int width)
    {
        var network = ArchitectureRecovery.Recover(CheckpointFormats.Read(torch.File(name + ".pth")), null, (height, width));
        Assert.Equal((family, model), (network.Family, network.Model));
        Near(name, network);
    }

    [SkippableTheory]
    [InlineData("form-relu6", 16, "--activation relu6")]
    [InlineData("form-silu", 16, "--activation silu")]
    [InlineData("form-gelu", 16, "--activation gelu")]
    [InlineData("form-leaky-relu", 16, "--activation leaky-relu")]
    [InlineData("form-leaky-relu-0.2", 16, "--activation leaky-relu:0.2")]
    [InlineData("form-hardswish", 16, "--activation hardswish")]
    [InlineData("form-stride-on-1x1", 64, "--stride-on 1x1")]
    [InlineData("form-eps", 16, "--bn-eps 0.5")]
    [InlineData("form-dilated", 64, "--output-stride 8")]
    [InlineData("form-dilated-basic", 64, "--output-stride 16")]
    [InlineData("form-no-pool", 32, "--stem-pool none")]
    [InlineData("form-pool", 32, "--stem-pool max")]
    [InlineData("form-preact-silu", 16, "--activation silu")]
    public void What_names_and_shapes_do_not_tell_the_options_do(string name, int size, string options)
    {
        var form = FormOptions.Parse(Arguments.Parse(ExportCommand.Verb, ["x.pth", .. options.Split(' ')]));
        Near(name, ArchitectureRecovery.Recover(CheckpointFormats.Read(torch.File(name + ".pth")), null, (size, size), form));
    }

    private void Near(string name, RecoveredNetwork network)
    {
        float[] expected = torch.Floats(name + ".logits.f32"), actual = new float[expected.Length];
        using var engine = new ReferenceEngine(network.Graph);
        engine.SetInput<float>(0, torch.Floats(name + ".input.f32"));
        engine.Run();
        engine.GetOutput<float>(0, actual);
        float bound = RelativeBound * expected.Max(MathF.Abs);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], bound);
    }
}
