namespace ResNetEdge.Passes;

/// <summary>The constants that a value was quantised by.</summary>
/// <param name="Scale">Name of the scale.</param>
/// <param name="ZeroPoint">Name of the zero point; empty when there is none.</param>
internal sealed record QuantizedBy(string Scale, string ZeroPoint);
