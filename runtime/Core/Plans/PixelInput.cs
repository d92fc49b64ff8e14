using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Plans;

/// <summary>A picture that is stored as the bytes that it was made of.</summary>
/// <param name="Quantized">Its u8 form, border included.</param>
/// <param name="Pad">What makes the border, or null.</param>
/// <param name="Border">Rows above the picture and columns left of it.</param>
/// <param name="Steps">Scale and zero point of each channel.</param>
internal sealed record PixelInput(string Quantized, Node? Pad, (int Top, int Left) Border, ChannelSteps Steps);
