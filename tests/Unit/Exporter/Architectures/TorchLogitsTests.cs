using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Checkpoints;
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
        float[] expected = torch.Floats(name + ".logits.f32"), actual = new float[expected.Length];
        using var engine = new ReferenceEngine(network.Graph);
        engine.SetInput<float>(0, torch.Floats(name + ".input.f32"));
        engine.Run();
        engine.GetOutput<float>(0, actual);
        float bound = RelativeBound * expected.Max(MathF.Abs);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], bound);
    }
}
