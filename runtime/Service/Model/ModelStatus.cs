namespace ResNetEdge.Service.Model;

/// <summary>The model in use.</summary>
/// <param name="Name">From its manifest.</param>
/// <param name="Path">Where it was loaded from.</param>
/// <param name="Version">Its version, for people; null when it has none.</param>
/// <param name="Precision"><c>int8</c> or <c>fp32</c>.</param>
/// <param name="Engine">That runs it.</param>
/// <param name="Level">Of the ladder now; 0 is the whole network.</param>
/// <param name="Levels">That there are besides 0.</param>
/// <param name="IsSigned">Its signature was checked with the configured key.</param>
internal sealed record ModelStatus(string Name, string Path, string? Version, string Precision, string Engine, int Level, int Levels, bool IsSigned);
