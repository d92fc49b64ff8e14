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
        var x = net.Relu("relu", net.BatchNorm("bn1", net.Conv("conv1", net.Input("conv1"), 3)));
        int depth = 2;
        for (int stage = 1; stage <= Stages; stage++)
        {
            int stride = stage == 1 ? 1 : 2;
            foreach (string block in ResidualBlocks.Of(net.Parameters, $"layer{stage}"))
            {
                x = ResidualBlocks.PostActivation(net, block, x, stride, ResidualBlocks.ParameterFreeShortcut.OptionA);
                depth += ResidualBlocks.Depth(net.Parameters, block);
                stride = 1;
            }
        }

        net.Classifier(net.Parameters.FirstPresent(".weight", "linear", "fc"), x);
        return ($"ResNet-{depth}", depth);
    }
}
