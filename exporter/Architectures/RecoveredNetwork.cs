using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>A network recovered from a checkpoint.</summary>
/// <param name="Graph">fp32, opset 17, not yet optimized; input <c>input</c> [1,C,H,W], output <c>logits</c> [1,classes].</param>
/// <param name="Family">The family's name in <see cref="ArchitectureTable"/>, e.g. <c>cifar-resnet</c>.</param>
/// <param name="Model">The network's usual name, e.g. <c>ResNet-20</c>.</param>
/// <param name="Depth">Weighted layers, counted as in the papers: convolutions on the branches, stem, classifier.</param>
/// <param name="TrainableParameters">Values that training adjusts: weights and biases, not running statistics.</param>
internal sealed record RecoveredNetwork(Graph Graph, string Family, string Model, int Depth, long TrainableParameters)
{
    /// <summary>What the checkpoint could not tell and was assumed.</summary>
    public required NetworkForm Form { get; init; }

    /// <summary>What of it matters to this network.</summary>
    public required NetworkTraits Traits { get; init; }

    /// <summary>Names of tensors that are training state and no part of the network.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}
