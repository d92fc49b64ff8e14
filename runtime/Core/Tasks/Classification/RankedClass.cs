namespace ResNetEdge.Tasks.Classification;

/// <summary>One class that a picture may belong to.</summary>
/// <param name="Index">Place in the model's output.</param>
/// <param name="Label">From the package, or null when it has none for this class.</param>
/// <param name="Probability">0 to 1; NaN when the network gave a NaN.</param>
internal readonly record struct RankedClass(int Index, string? Label, float Probability);
