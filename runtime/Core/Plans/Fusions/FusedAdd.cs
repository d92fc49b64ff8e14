namespace ResNetEdge.Plans.Fusions;

/// <summary>The convolution that a residual Add is fused into.</summary>
/// <param name="Conv">It computes the branch.</param>
/// <param name="Shortcut">Value name of what it adds.</param>
internal sealed record FusedAdd(ConvParts Conv, string Shortcut);
