namespace ResNetEdge.Exporter.Architectures.Names;

/// <summary>How a code base names a residual network's parameters, and the names that the families here declare for the same.</summary>
/// <param name="Stem">Name of the first convolution's weight, from the network's root.</param>
/// <param name="Block">Name of the first weight of the first block, from the same root: a stem alone is not a residual network.</param>
/// <param name="Canonical">A name from the root in torch's own naming
/// (<c>layer1.0.conv1.weight</c>); null for one that the scheme does not know.</param>
/// <param name="Original">The way back, for messages about parameters that are missing.</param>
internal sealed record NameScheme(string Stem, string Block, Func<string, string?> Canonical, Func<string, string> Original);
