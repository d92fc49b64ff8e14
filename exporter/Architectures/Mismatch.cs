namespace ResNetEdge.Exporter.Architectures;

/// <summary>A parameter that does not fit a family's declaration.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Reason">What is wrong with it: a clause that follows the name.</param>
internal sealed record Mismatch(string Parameter, string Reason);
