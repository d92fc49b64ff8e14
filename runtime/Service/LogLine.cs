namespace ResNetEdge.Service;

/// <summary>One line of the log.</summary>
/// <param name="Time">When it was logged, by the wall clock.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Text">As the log has it.</param>
internal sealed record LogLine(DateTimeOffset Time, LogLevel Level, string Text)
{
    /// <summary>The same for people: a sentence.</summary>
    public string Sentence { get; init; } = Text;
}
