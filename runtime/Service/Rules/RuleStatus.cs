using System.Text.Json.Serialization;

namespace ResNetEdge.Service.Rules;

/// <summary>A rule as the metrics and the live page show it.</summary>
/// <param name="Name">As in the configuration.</param>
/// <param name="IsOn">Whether the rule is on now.</param>
/// <param name="TurnedOn">How often it has turned on since the process started.</param>
internal sealed record RuleStatus(string Name, bool IsOn, long TurnedOn)
{
    /// <summary>That the rule watches; null in a service of one camera without a name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Camera { get; init; }

    /// <summary>How often people were not told of it, since its limit was reached; null: it has no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? HeldBack { get; init; }

    /// <summary>Why it is not decided now: <c>inactive</c> or <c>disarmed</c>; null: it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Closed { get; init; }
}
