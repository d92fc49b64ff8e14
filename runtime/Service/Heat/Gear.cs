namespace ResNetEdge.Service.Heat;

/// <summary>How much the service does: a level of the ladder, and of how many frames one is run.</summary>
/// <param name="Level">0 is the whole network.</param>
/// <param name="Divisor">1 runs every frame, N every Nth.</param>
internal readonly record struct Gear(int Level, int Divisor)
{
    /// <summary>The whole network on every frame.</summary>
    public static Gear Full => new(0, 1);

    /// <inheritdoc/>
    public override string ToString() => Divisor == 1 ? $"level {Level}" : $"level {Level}, every {Divisor}{Suffix(Divisor)} frame";

    // The ending of an English ordinal: 2nd, 4th, 11th, 32nd.
    private static string Suffix(int number) => (number % 100, number % 10) switch
    {
        (>= 11 and <= 13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
}
