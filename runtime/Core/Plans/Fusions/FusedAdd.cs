namespace ResNetEdge.Plans.Fusions;

/// <summary>The convolution that a residual Add is fused into.</summary>
/// <param name="Conv">It computes the branch.</param>
/// <param name="Branch">The QuantizeLinear → DequantizeLinear between the two, or null.</param>
/// <param name="Shortcut">Value name of what it adds.</param>
/// <param name="IsPicture">Whether a product's rows are added as the pixels of a picture, behind a Transpose that moves channels in front.</param>
internal sealed record FusedAdd(ConvParts Conv, BranchQuantization? Branch, string Shortcut, bool IsPicture = false);

/// <summary>A QuantizeLinear → DequantizeLinear whose integers no step stores: it rounds, clamps and may rescale on the way.</summary>
/// <param name="QuantizedScale">What the QuantizeLinear divides by.</param>
/// <param name="ZeroPoint">Of both, in the u8 form.</param>
/// <param name="Scale">What the DequantizeLinear multiplies by.</param>
internal sealed record BranchQuantization(float QuantizedScale, byte ZeroPoint, float Scale);
