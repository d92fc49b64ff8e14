using ResNetEdge.Exporter.Architectures.Names;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// The CIFAR networks of He et al., arXiv:1512.03385 §4.2: 3x3 stem, three stages (the second and third with stride 2), a linear classifier.
/// Depth 6n+2 with basic blocks, 9n+2 with bottlenecks; widths, input channels and classes are read from the shapes. Shortcut option A or B.
/// </summary>
internal sealed class CifarResNet : Architecture
{
    private const int Stages = 3;

    /// <inheritdoc/>
    public override string Name => "cifar-resnet";

    /// <inheritdoc/>
    public override string Summary => "CIFAR ResNet, three stages, depth 6n+2 (8, 14, 20, 32, 56 ... 1202), shortcut option A or B";

    /// <inheritdoc/>
    public override int DefaultInputSize(ParameterSource parameters) => 32;

    /// <inheritdoc/>
    public override (string Model, int Depth) Declare(GraphBuilder net)
    {
        var x = net.Stem("conv1", 3, 1, y => net.Activate("relu", net.BatchNorm("bn1", y)));
        int depth = 2;
        for (int stage = 1; stage <= Stages; stage++)
        {
            var place = net.Stage(stage == 1 ? 1 : 2);
            foreach (string block in ResidualBlocks.Of(net.Parameters, $"layer{stage}"))
            {
                x = ResidualBlocks.PostActivation(net, block, x, place, ResidualBlocks.ParameterFreeShortcut.OptionA);
                depth += ResidualBlocks.Depth(net.Parameters, block);
                place = place.Next;
            }
        }

        net.Classifier(ClassifierHead.Find(net.Parameters, "linear", "fc"), x);
        return ($"ResNet-{depth}", depth);
    }
}
