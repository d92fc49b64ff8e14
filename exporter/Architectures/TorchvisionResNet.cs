using ResNetEdge.Exporter.Architectures.Names;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// The four-stage networks of torchvision: ResNet 18 to 152 (v1.5: a bottleneck strides on its 3x3 convolution), ResNeXt (arXiv:1611.05431),
/// Wide ResNet (arXiv:1605.07146). A 7x7 stem strides by 2 and is followed by max pooling; a 3x3 stem does neither, as in CIFAR variants.
/// </summary>
internal sealed class TorchvisionResNet : Architecture
{
    private const int Stages = 4;

    /// <inheritdoc/>
    public override string Name => "torchvision-resnet";

    /// <inheritdoc/>
    public override string Summary => "ResNet, ResNeXt and Wide ResNet as in torchvision, four stages, 18 to 152 layers; also with a 3x3 stem";

    /// <inheritdoc/>
    public override int DefaultInputSize(ParameterSource parameters) => HasLargeStem(parameters) ? 224 : 32;

    /// <inheritdoc/>
    public override (string Model, int Depth) Declare(GraphBuilder net)
    {
        var p = net.Parameters;
        bool large = HasLargeStem(p);
        var x = net.Stem("conv1", large ? GraphBuilder.LargeStem : 3, large ? 2 : 1, y => net.Activate("relu", net.BatchNorm("bn1", y)));

        int depth = 2;
        for (int stage = 1; stage <= Stages; stage++)
        {
            var place = net.Stage(stage == 1 ? 1 : 2);
            foreach (string block in ResidualBlocks.Of(p, $"layer{stage}"))
            {
                x = ResidualBlocks.PostActivation(net, block, x, place);
                depth += ResidualBlocks.Depth(p, block);
                place = place.Next;
            }
        }

        net.Classifier(ClassifierHead.Find(p, "fc", "linear"), x);
        return (Model(p, depth), depth);
    }

    private static bool HasLargeStem(ParameterSource parameters) => parameters.Peek("conv1.weight", 1, 1, 3, 3)[3] == GraphBuilder.LargeStem;

    // ResNeXt-50-32x4d has 32 groups of 4 channels in stage 1; Wide-ResNet-50-2 has twice the bottleneck's usual quarter of the output.
    private static string Model(ParameterSource p, int depth)
    {
        const string first = "layer1.0";
        if (ResidualBlocks.Depth(p, first) == 2) return $"ResNet-{depth}";
        int output = p.Peek($"{first}.conv3.weight", 1, 1, 1, 1)[0];
        var middle = p.Peek($"{first}.conv2.weight", 1, 1, 1, 1);
        int bottleneck = middle[0], groupWidth = Math.Max(1, middle[1]);
        int widening = bottleneck / Math.Max(1, output / 4);
        return groupWidth < bottleneck ? $"ResNeXt-{depth}-{bottleneck / groupWidth}x{groupWidth}d"
            : widening > 1 ? $"Wide-ResNet-{depth}-{widening}"
            : $"ResNet-{depth}";
    }
}
