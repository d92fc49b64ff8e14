using ResNetEdge.Model;

namespace ResNetEdge.Tasks;

/// <summary>What a task is told of a model.</summary>
/// <param name="Path">What messages call the model.</param>
/// <param name="Outputs">As the engine gives them.</param>
/// <param name="Labels">From the package, one a class, or empty.</param>
/// <param name="EndsInSoftmax">Whether the first output is probabilities; else it is logits.</param>
/// <param name="Most">How many places (classes, boxes) a result names at most; at least 1.</param>
internal sealed record TaskModel(string Path, IReadOnlyList<TensorInfo> Outputs, IReadOnlyList<string> Labels, bool EndsInSoftmax, int Most);
