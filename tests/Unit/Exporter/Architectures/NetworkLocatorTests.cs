using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Architectures.Names;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Architectures;

/// <summary>The same network under the names that people's code gives it.</summary>
public class NetworkLocatorTests
{
    private static readonly int[] ResNet18 = [2, 2, 2, 2];

    [Theory]
    [InlineData("module.")]
    [InlineData("net.")]
    [InlineData("backbone.")]
    [InlineData("resnet.")]
    [InlineData("model.module._orig_mod.")]
    [InlineData("lit.student.encoder.")]
    public void Any_prefix_is_taken_off(string prefix) => Same(MadeUpWeights.Torchvision(ResNet18, false).Named(n => prefix + n), "ResNet-18");

    [Theory]
    [InlineData("fc.1.")]
    [InlineData("fc.0.")]
    [InlineData("classifier.1.")]
    [InlineData("classifier.")]
    [InlineData("head.")]
    [InlineData("head.fc.")]
    [InlineData("last_linear.")]
    public void A_head_of_one_linear_layer_is_found_under_any_usual_name(string head)
    {
        Same(MadeUpWeights.Torchvision(ResNet18, false).Named(n => n.Replace("fc.", head, StringComparison.Ordinal)), "ResNet-18");
        Same(MadeUpWeights.Cifar(3, null, 3, 10, head.TrimEnd('.')), "ResNet-20");
    }

    [Theory]
    [InlineData("model.backbone.", "model.head.")]
    [InlineData("backbone.", "classifier.1.")]
    [InlineData("features.", "fc.")]
    public void The_head_may_lie_beside_the_module_that_holds_the_rest(string backbone, string head) =>
        Same(MadeUpWeights.Torchvision(ResNet18, false)
            .Named(n => n.StartsWith("fc.", StringComparison.Ordinal) ? head + n[3..] : backbone + n), "ResNet-18");

    [Fact]
    public void A_head_of_two_linear_layers_is_refused_with_both()
    {
        var weights = MadeUpWeights.Torchvision(ResNet18, false).Without("fc.weight").Without("fc.bias")
            .Add("fc.0.weight", 256, 512).Add("fc.0.bias", 256).Add("fc.3.weight", 10, 256).Add("fc.3.bias", 10);
        Refused("'fc.3.weight' belongs to one of 2 linear layers of the head", weights);
    }

    [Theory]
    [InlineData(false, "ResNet-18")]
    [InlineData(true, "ResNet-26")]
    public void Hugging_Faces_names_are_understood(bool bottleneck, string model)
    {
        Same(HuggingFace(MadeUpWeights.Torchvision(ResNet18, bottleneck)), model);
        var lost = HuggingFace(MadeUpWeights.Torchvision(ResNet18, bottleneck))
            .Without("resnet.encoder.stages.1.layers.0.layer.1.normalization.running_mean");
        Refused("'resnet.encoder.stages.1.layers.0.layer.1.normalization.running_mean' is missing", lost);
        var noShortcut = HuggingFace(MadeUpWeights.Torchvision(ResNet18, bottleneck))
            .With("resnet.encoder.stages.1.layers.0.shortcut.convolution.weight", 7, 7, 1, 1);
        Refused("'resnet.encoder.stages.1.layers.0.shortcut.convolution.weight' has shape 7x7x1x1", noShortcut);
    }

    [Fact]
    public void Children_numbered_by_a_Sequential_are_understood()
    {
        string[] children = ["conv1.", "bn1.", "-", "-", "layer1.", "layer2.", "layer3.", "layer4."];
        Same(MadeUpWeights.Torchvision(ResNet18, false).Named(n => Array.FindIndex(children, c => n.StartsWith(c, StringComparison.Ordinal))
            is >= 0 and var i ? $"features.{i}.{n[children[i].Length..]}" : n), "ResNet-18");
    }

    [Fact]
    public void Training_state_beside_the_weights_is_left_out_and_named()
    {
        var weights = MadeUpWeights.Torchvision(ResNet18, false).Named(n => "model." + n)
            .Add("criterion.weight", 1000).Add("train_acc.tp", 1000).Add("val_metrics.confmat", 10, 10).Add("loss_fn.centers", 10, 512)
            .Add("ema_model.conv1.weight", 64, 3, 7, 7);
        var network = Same(weights.Add("steps.num_batches_tracked"), "ResNet-18");
        Assert.Equal(["criterion.weight", "train_acc.tp", "val_metrics.confmat", "loss_fn.centers", "ema_model.conv1.weight"], network.LeftOut);
    }

    [Fact]
    public void Averaged_weights_give_way_to_the_weights_and_two_networks_are_refused()
    {
        static MadeUpWeights Two(string second)
        {
            var both = MadeUpWeights.Cifar(1).Named(n => "net." + n);
            both.Parameters.AddRange(MadeUpWeights.Cifar(1).Named(n => second + n).Parameters);
            return both;
        }

        Same(Two("ema.module."), "ResNet-8");
        Refused("holds 2 networks, under 'net.' and 'target.'", Two("target."));
    }

    [Fact]
    public void A_module_held_twice_is_one_and_a_block_that_repeats_anothers_weights_is_not()
    {
        var weights = MadeUpWeights.Cifar(1).Build();
        StateDict With(string name, string sharing) => new("test.pth", "made up",
            [.. weights.Names.Select(n => new KeyValuePair<string, Tensor>(n, weights[n]!)), new(name, weights[sharing]!)], weights.Metadata);
        Assert.Equal("ResNet-8", ArchitectureRecovery.Recover(With("features.0.weight", "conv1.weight")).Model);
        Assert.Equal("ResNet-8", ArchitectureRecovery.Recover(With("classifier.weight", "linear.weight")).Model);
        Assert.Contains(
            "'layer1.1.bn1.weight' is missing",
            Assert.Throws<EdgeException>(() => ArchitectureRecovery.Recover(With("layer1.1.conv1.weight", "layer1.0.conv1.weight"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_between_backbone_and_head_are_never_dropped()
    {
        Refused("'neck.fc.weight' does not belong in a",
            MadeUpWeights.Torchvision(ResNet18, false).Named(n => "backbone." + n).Add("neck.fc.weight", 512, 512));
        Refused("'fc.1.running_mean' does not belong in a",
            MadeUpWeights.Torchvision(ResNet18, false).Named(n => n.Replace("fc.", "fc.2.", StringComparison.Ordinal)).Add("fc.1.running_mean", 512));
    }

    [Fact]
    public void What_fits_nothing_is_told_with_the_nearest_its_misfits_and_what_the_file_begins_with()
    {
        var weights = new MadeUpWeights().Add("stem.0.weight", 24, 3, 3, 3).Add("blocks.0.dw.weight", 24, 1, 3, 3)
            .Add("blocks.0.pw.weight", 24, 24, 1, 1).Add("fc.weight", 10, 24);
        Refused("'conv1.weight' is missing, ", weights);
        Refused("the file begins with 'stem.0.weight' of shape 24x3x3x3, 'blocks.0.dw.weight' of shape 24x1x3x3, ", weights);
        Refused(" more do not fit", weights);
    }

    private static MadeUpWeights HuggingFace(MadeUpWeights weights) => weights.Named(n =>
        n.StartsWith("fc.", StringComparison.Ordinal) ? "classifier.1." + n[3..] : "resnet." + HuggingFaceNames.Original(n));

    private static RecoveredNetwork Same(MadeUpWeights weights, string model)
    {
        var network = ArchitectureRecovery.Recover(weights.Build());
        Assert.Equal(model, network.Model);
        return network;
    }

    private static void Refused(string says, MadeUpWeights weights)
    {
        var refused = Assert.Throws<EdgeException>(() => ArchitectureRecovery.Recover(weights.Build()));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }
}
