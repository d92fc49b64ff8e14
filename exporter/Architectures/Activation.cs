namespace ResNetEdge.Exporter.Architectures;

/// <summary>A value of the graph under construction: one picture's feature map.</summary>
/// <param name="Name">Value name in the graph.</param>
/// <param name="Channels">C, the number of feature maps.</param>
/// <param name="Height">H in pixels of that map.</param>
/// <param name="Width">W in pixels of that map.</param>
internal sealed record Activation(string Name, int Channels, int Height, int Width);
