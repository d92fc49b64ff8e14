namespace ResNetEdge.Service.Pacing;

/// <summary>How much the service does for a camera's frames: the level of the model's ladder, and one frame run in how many.</summary>
/// <param name="Level">0 is the whole network.</param>
/// <param name="Divisor">1 runs every frame.</param>
internal readonly record struct OperatingPoint(int Level, int Divisor)
{
    /// <summary>The whole network on every frame.</summary>
    public static OperatingPoint Full => new(0, 1);

    /// <inheritdoc/>
    public override string ToString() => Divisor == 1 ? $"level {Level}" : $"level {Level}, 1 frame in {Divisor}";
}
