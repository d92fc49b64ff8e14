using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Tests.Unit.Exporter.Architectures;

/// <summary>Families told from names and shapes alone; what fits none is refused with the nearest and the first misfit.</summary>
public class ArchitectureRecoveryTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 14)]
    [InlineData(3, 20)]
    [InlineData(18, 110)]
    [InlineData(200, 1202)]
    public void Cifar_networks_of_any_depth(int n, int depth)
    {
        var network = ArchitectureRecovery.Recover(MadeUpWeights.Cifar(n).Build());
        Assert.Equal(("cifar-resnet", $"ResNet-{depth}", depth), (network.Family, network.Model, network.Depth));
        Assert.Equal(3 * n, network.Graph.Nodes.Count(static node => node.OpType == "Add"));
        Assert.Equal(2, network.Graph.Nodes.Count(static node => node.OpType == "Pad"));
    }

    // Parameter counts as torchvision documents them.
    [Theory]
    [InlineData("ResNet-18", new[] { 2, 2, 2, 2 }, false, 1, 64, 11_689_512)]
    [InlineData("ResNet-34", new[] { 3, 4, 6, 3 }, false, 1, 64, 21_797_672)]
    [InlineData("ResNet-50", new[] { 3, 4, 6, 3 }, true, 1, 64, 25_557_032)]
    [InlineData("ResNet-101", new[] { 3, 4, 23, 3 }, true, 1, 64, 44_549_160)]
    [InlineData("ResNet-152", new[] { 3, 8, 36, 3 }, true, 1, 64, 60_192_808)]
    [InlineData("ResNeXt-50-32x4d", new[] { 3, 4, 6, 3 }, true, 32, 4, 25_028_904)]
    [InlineData("ResNeXt-101-32x8d", new[] { 3, 4, 23, 3 }, true, 32, 8, 88_791_336)]
    [InlineData("Wide-ResNet-50-2", new[] { 3, 4, 6, 3 }, true, 1, 128, 68_883_240)]
    [InlineData("Wide-ResNet-101-2", new[] { 3, 4, 23, 3 }, true, 1, 128, 126_886_696)]
    public void Torchvisions_networks_with_their_parameter_counts(
        string model, int[] blocks, bool bottleneck, int groups, int groupWidth, long parameters)
    {
        var network = ArchitectureRecovery.Recover(MadeUpWeights.Torchvision(blocks, bottleneck, groups, groupWidth).Build());
        Assert.Equal(("torchvision-resnet", model, parameters), (network.Family, network.Model, network.TrainableParameters));
        Assert.Equal("1x3x224x224", network.Graph.Inputs.Single().Shape.ToString());
        var shapes = ShapeInference.Infer(network.Graph);
        Assert.Equal("1x64x56x56", shapes["maxpool"].Shape.ToString());
        Assert.Equal(bottleneck ? "1x2048x7x7" : "1x512x7x7", shapes["layer4.0.add"].Shape.ToString());
        Assert.Equal("1x1000", shapes[GraphBuilder.OutputName].Shape.ToString());
    }

    [Theory]
    [InlineData("shortcut", "linear")]
    [InlineData("downsample", "fc")]
    public void Projections_under_either_name_channels_and_classes_from_the_shapes(string shortcut, string head)
    {
        var network = ArchitectureRecovery.Recover(MadeUpWeights.Cifar(2, shortcut, channels: 1, classes: 37, head).Build(), "auto", (28, 20));
        Assert.Equal("1x1x28x20", network.Graph.Inputs.Single().Shape.ToString());
        Assert.Equal("1x37", network.Graph.Outputs.Single().Shape.ToString());
        Assert.Contains(network.Graph.Nodes, n => n.Name == $"layer2.0.{shortcut}.0" && n.OpType == "Conv");
        Assert.DoesNotContain(network.Graph.Nodes, static n => n.OpType is "Pad" or "Slice");
    }

    [Fact]
    public void Option_A_subsamples_and_pads_a_quarter_on_both_sides()
    {
        var graph = ArchitectureRecovery.Recover(MadeUpWeights.Cifar(1).Build()).Graph;
        var shapes = ShapeInference.Infer(graph);
        Assert.Equal("1x16x16x16", shapes["layer2.0.shortcut.slice"].Shape.ToString());
        Assert.Equal("1x32x16x16", shapes["layer2.0.shortcut.pad"].Shape.ToString());
        Assert.Equal([0, 8, 0, 0, 0, 8, 0, 0], graph.Initializers["layer2.0.shortcut.pad.pads"].ToInt64s());
    }

    [Fact]
    public void Nodes_and_constants_bear_the_parameters_names()
    {
        var graph = ArchitectureRecovery.Recover(MadeUpWeights.Cifar(1).Build()).Graph;
        Assert.Equal(
            ["conv1", "bn1", "relu", "layer1.0.conv1", "layer1.0.bn1", "layer1.0.relu1", "layer1.0.conv2", "layer1.0.bn2",
                "layer1.0.add", "layer1.0.relu2"],
            graph.Nodes.Take(10).Select(static n => n.Name));
        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(static n => n.Name).Distinct().Count());
        Assert.True(graph.Initializers.ContainsKey("layer1.0.bn2.running_var"));
        Assert.Equal(17, graph.Opset);
    }

    [Fact]
    public void Half_precision_becomes_float32()
    {
        var weights = MadeUpWeights.Cifar(1);
        weights.Type = ElementType.Float16;
        Assert.All(ArchitectureRecovery.Recover(weights.Build()).Graph.Initializers.Values, static t => Assert.NotEqual(ElementType.Float16, t.Type));
    }

    [Fact]
    public void The_files_order_does_not_matter()
    {
        var weights = MadeUpWeights.Cifar(3);
        weights.Parameters.Reverse();
        Assert.Equal("ResNet-20", ArchitectureRecovery.Recover(weights.Build()).Model);
    }

    [Fact]
    public void A_misfit_is_named_with_the_reason()
    {
        Refused("'layer2.0.conv2.weight' is missing", MadeUpWeights.Cifar(1).Without("layer2.0.conv2.weight"));
        Refused("'layer1.0.bn1.running_mean' is missing", MadeUpWeights.Cifar(1).Without("layer1.0.bn1.running_mean"));
        Refused("'layer3.0.conv1.weight' has shape 64x32x5x5 where 64x32x3x3 is expected",
            MadeUpWeights.Cifar(1).With("layer3.0.conv1.weight", 64, 32, 5, 5));
        Refused("'linear.weight' has shape 10x65 where 10x64 is expected", MadeUpWeights.Cifar(1).With("linear.weight", 10, 65));
        Refused("'linear.weight' has shape 640 where 2 dimensions are expected", MadeUpWeights.Cifar(1).With("linear.weight", 640));
        Refused("'attention.weight' does not belong in a ResNet-8", MadeUpWeights.Cifar(1).Add("attention.weight", 3));
        Refused("'layer1.2.conv1.weight' does not belong in a ResNet-8", MadeUpWeights.Cifar(1).Add("layer1.2.conv1.weight", 16, 16, 3, 3));
        Refused("'conv1.weight' would produce a feature map of 0x32x32", MadeUpWeights.Cifar(1).With("conv1.weight", 0, 3, 3, 3));
    }

    [Fact]
    public void The_nearest_family_is_the_one_that_most_parameters_fit()
    {
        // One statistic lost at the very begin: pre-activation networks do not have it either, but differ in every later stage.
        Refused("nearest is cifar-resnet: 115 of the file's 115 parameters fit it, but 'bn1.running_mean' is missing",
            MadeUpWeights.Cifar(3).Without("bn1.running_mean"));
        Refused("nearest is torchvision-resnet: 121 of the file's 122 parameters fit it, but 'conv1.weight' has "
            + "shape 64x3x9x9 where 64x3x3x3 is expected",
            MadeUpWeights.Torchvision([2, 2, 2, 2], false).With("conv1.weight", 64, 3, 9, 9));
    }

    [Fact]
    public void Widths_that_would_multiply_beyond_any_tensor_are_a_misfit_like_others() =>
        Refused("'bn1.weight' has shape 16 where 100000 is expected", MadeUpWeights.Cifar(1).With("conv1.weight", 100_000, 1, 3, 3));

    [Fact]
    public void Shortcuts_that_cannot_be_are_refused()
    {
        var widening = MadeUpWeights.Cifar(1).With("layer1.0.conv2.weight", 32, 16, 3, 3);
        foreach (string name in (string[])["weight", "bias", "running_mean", "running_var"]) widening.With("layer1.0.bn2." + name, 32);
        Refused("'layer1.0.shortcut.0.weight' is missing, and a shortcut without parameters cannot turn 16 channels into 32 at stride 1", widening);
        Refused("'layer2.0.conv2.weight' produces 128 channels of 28x28 where the shortcut has 64 of 56x56",
            MadeUpWeights.Torchvision([1, 1, 1, 1], false).Without("layer2.0.downsample.0.weight"));
    }

    [Fact]
    public void A_negative_variance_and_integer_weights_are_refused()
    {
        var entries = MadeUpWeights.Cifar(1).Build();
        StateDict Replaced(string name, Tensor value) => new(
            "test.pth", "made up", entries.Names.Select(n => new KeyValuePair<string, Tensor>(n, n == name ? value : entries[n]!)), entries.Metadata);
        var variance = new float[16];
        variance[7] = -1e-3f;
        Refused("'bn1.running_var' holds a negative variance", Replaced("bn1.running_var", Tensor.Vector<float>(variance)));
        Refused("'layer1.0.bn1.weight' holds Int8 where floats are expected", Replaced("layer1.0.bn1.weight", Tensor.Vector<sbyte>(new sbyte[16])));
    }

    [Fact]
    public void A_family_can_be_forced_and_must_exist()
    {
        Refused("not a torchvision-resnet: ", MadeUpWeights.Cifar(1).Build(), "torchvision-resnet");
        var e = Assert.Throws<EdgeException>(() => ArchitectureRecovery.Recover(MadeUpWeights.Cifar(1).Build(), "vgg"));
        Assert.Equal(FailureKind.Usage, e.Kind);
        Assert.Contains("known architectures: auto, cifar-resnet, torchvision-resnet, preact-resnet", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(32, -1)]
    [InlineData(8193, 32)]
    public void Input_sizes_have_bounds(int height, int width) =>
        Assert.Equal(FailureKind.Usage,
            Assert.Throws<EdgeException>(() => ArchitectureRecovery.Recover(MadeUpWeights.Cifar(1).Build(), null, (height, width))).Kind);

    [Fact]
    public void Any_parameter_lost_or_bent_is_refused_or_recovered_and_never_worse()
    {
        int refused = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var weights = random.Next(2) == 0
                ? MadeUpWeights.Cifar(1, random.Next(2) == 0 ? "shortcut" : null)
                : MadeUpWeights.Torchvision([1, 1, 1, 1], true, 32, 4);
            var (name, shape) = weights.Parameters[random.Next(weights.Parameters.Count)];
            if (shape.Length == 0 || random.Next(4) == 0) weights.Without(name);
            else weights.With(name, [.. shape.Select(d => random.Next(3) == 0 ? random.Next(0, 2 * d) : d)]);
            var e = Record.Exception(() => ArchitectureRecovery.Recover(weights.Build()));
            Assert.True(e is null or EdgeException { Kind: FailureKind.BadInput }, $"seed {seed}, {name}: {e}");
            if (e is not null) refused++;
        }

        Assert.InRange(refused, 1, 299);
    }

    private static void Refused(string expected, MadeUpWeights weights) => Refused(expected, weights.Build());

    private static void Refused(string expected, StateDict weights, string? family = null)
    {
        var e = Assert.Throws<EdgeException>(() => ArchitectureRecovery.Recover(weights, family));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.StartsWith("test.pth: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
