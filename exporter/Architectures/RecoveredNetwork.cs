using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>A network recovered from a checkpoint.</summary>
/// <param name="Graph">fp32, opset 17, not yet optimized; input <c>input</c> [1,C,H,W], output <c>logits</c> [1,classes].</param>
/// <param name="Family">The family's name in <see cref="ArchitectureTable"/>, e.g. <c>cifar-resnet</c>.</param>
/// <param name="Model">The network's usual name, e.g. <c>ResNet-20</c>.</param>
/// <param name="Depth">Weighted layers, counted as in the papers: convolutions on the branches, stem, classifier.</param>
/// <param name="TrainableParameters">Values that training adjusts: weights and biases, not running statistics.</param>
internal sealed record RecoveredNetwork(Graph Graph, string Family, string Model, int Depth, long TrainableParameters);
