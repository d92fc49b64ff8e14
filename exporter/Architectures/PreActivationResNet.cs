using ResNetEdge.Exporter.Architectures.Names;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// Pre-activation networks, He et al., arXiv:1603.05027, for small pictures: 3x3 stem without normalisation, stages of bn-relu-conv blocks (all but
/// the first with stride 2), optionally a last bn-relu, a linear classifier.
/// </summary>
internal sealed class PreActivationResNet : Architecture
{
    private const int MaxStages = 8;

    /// <inheritdoc/>
    public override string Name => "preact-resnet";

    /// <inheritdoc/>
    public override string Summary => "pre-activation ResNet (bn-relu-conv), 3x3 stem, any number of stages, with or without a final bn";

    /// <inheritdoc/>
    public override int DefaultInputSize(ParameterSource parameters) => 32;

    /// <inheritdoc/>
    public override (string Model, int Depth) Declare(GraphBuilder net)
    {
        var p = net.Parameters;
        var x = net.Stem("conv1", 3, 1, static y => y);
        int depth = 2;
        for (int stage = 1; stage == 1 || stage <= MaxStages && p.Has($"layer{stage}.0.conv1.weight"); stage++)
        {
            var place = net.Stage(stage == 1 ? 1 : 2);
            foreach (string block in ResidualBlocks.Of(p, $"layer{stage}"))
            {
                x = ResidualBlocks.PreActivation(net, block, x, place);
                depth += ResidualBlocks.Depth(p, block);
                place = place.Next;
            }
        }

        string last = p.FirstPresent(".weight", "bn", "bn1");
        if (p.Has($"{last}.weight")) x = net.Activate("relu", net.BatchNorm(last, x));
        net.Classifier(ClassifierHead.Find(p, "linear", "fc"), x);
        return ($"PreAct-ResNet-{depth}", depth);
    }
}
