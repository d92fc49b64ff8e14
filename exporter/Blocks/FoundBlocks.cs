namespace ResNetEdge.Exporter.Blocks;

/// <summary>The residual blocks of a graph.</summary>
/// <param name="Blocks">In the graph's order; they do not overlap.</param>
/// <param name="Refused">Joins that look like blocks and are none, in the graph's order.</param>
internal sealed record FoundBlocks(IReadOnlyList<ResidualBlock> Blocks, IReadOnlyList<RefusedBlock> Refused);
