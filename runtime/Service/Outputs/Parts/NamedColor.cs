using System.Drawing;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A colour of lights.</summary>
/// <param name="Name">Of a rule or a label.</param>
/// <param name="Color">At full brightness.</param>
internal sealed record NamedColor(string Name, Color Color);
