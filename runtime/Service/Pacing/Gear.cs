namespace ResNetEdge.Service.Pacing;

/// <summary>How much the service does: a level of the ladder, and of how many frames one is run.</summary>
/// <param name="Level">0 is the whole network.</param>
/// <param name="Divisor">1 runs every frame.</param>
internal readonly record struct Gear(int Level, int Divisor)
{
    /// <summary>Everything.</summary>
    public static Gear Full => new(0, 1);

    /// <inheritdoc/>
    public override string ToString() => Divisor == 1 ? $"level {Level}" : $"level {Level}, every {Divisor}. frame";
}
