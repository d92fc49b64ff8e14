namespace ResNetEdge.Exporter.Blocks;

/// <summary>Where a network joins what it computed with what it had, in a way that is not a residual block.</summary>
/// <param name="Name">As a block's would be.</param>
/// <param name="Reason">Why it is none; the rest of a sentence that begins with the name.</param>
internal sealed record RefusedBlock(string Name, string Reason);
