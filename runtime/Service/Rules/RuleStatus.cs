namespace ResNetEdge.Service.Rules;

/// <summary>A rule as the metrics and the live page show it.</summary>
/// <param name="Name">As in the configuration.</param>
/// <param name="IsOn">Whether the rule is on now.</param>
/// <param name="TurnedOn">How often it has turned on since the process started.</param>
internal sealed record RuleStatus(string Name, bool IsOn, long TurnedOn)
{
    /// <summary>How often people were not told of it, since its limit was reached; null: it has no limit.</summary>
    public long? HeldBack { get; init; }

    /// <summary>Why it is not decided now: <c>inactive</c> or <c>disarmed</c>; null: it is.</summary>
    public string? Closed { get; init; }
}
