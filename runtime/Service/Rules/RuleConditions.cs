using System.Collections.Concurrent;

namespace ResNetEdge.Service.Rules;

/// <summary>What rules depend on besides frames: the clock and the states of topics. From any thread.</summary>
/// <param name="time">With the machine's time zone.</param>
internal sealed class RuleConditions(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Output, string Topic), ArmedState> _states = new();

    /// <summary>With the system's clock, and nobody who says what is armed.</summary>
    public static RuleConditions System { get; } = new(TimeProvider.System);

    /// <summary>The state of a topic; the same object at each call.</summary>
    /// <param name="output">Whose broker is listened to.</param>
    /// <param name="topic">That says the state.</param>
    public ArmedState StateOf(string output, string topic) => _states.GetOrAdd((output, topic), static _ => new ArmedState());

    /// <summary>What opens and closes a rule; null: it is always open.</summary>
    public RuleGate? GateOf(RuleSettings rule) => rule.Active.Periods.Count == 0 && rule.ArmedBy is null ? null
        : new RuleGate(rule, time, rule.ArmedBy is { } armed ? StateOf(armed.Output, armed.Topic) : null);
}
