
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Rules;

/// <summary>
/// The rules of a configuration, bound to a model's task. A frame costs a look at what each rule watches and allocates nothing. For the
/// frame thread; <see cref="Statuses"/> may be read by others.
/// </summary>
/// <remarks>Durations are those between results (<see cref="FrameResult.DoneTime"/>), which never
/// run backwards, whatever a camera's clock or the wall clock does.</remarks>
internal sealed class RuleEngine
{
    private readonly RuleState[] _states;
    private readonly RuleEvent[] _events; // as many as rules: each changes at most once a frame

    /// <summary>Binds rules to a model.</summary>
    /// <param name="rules">Of the configuration.</param>
    /// <param name="task">Of the model.</param>
    /// <param name="earlier">The engine before a reload or a model update: rules with equal settings go on as they are.</param>
    /// <param name="camera">That the rules watch, by name; null: the one that has none.</param>
    /// <exception cref="EdgeException">Exit 3: a rule watches what the model's results do not have.</exception>
    public RuleEngine(IReadOnlyList<RuleSettings> rules, ModelTask task, RuleEngine? earlier = null, string? camera = null)
    {
        Conditions = earlier?.Conditions ?? RuleConditions.System;
        _states = [.. rules.Select(rule => new RuleState(rule, task.Watch(rule.Name, rule.Labels), Conditions.GateOf(rule), camera))];
        _events = new RuleEvent[Math.Max(rules.Count, 1)];
        foreach (var state in _states)
        {
            if (earlier?._states.FirstOrDefault(s => s.Settings == state.Settings) is { } same) state.Continue(same);
        }
    }

    /// <summary>The rules now; a new list, from any thread.</summary>
    public IReadOnlyList<RuleStatus> Statuses => [.. _states.Select(s => s.Status)];

    /// <summary>What rules depend on besides frames; those of the earlier engine. Set on one without rules.</summary>
    public RuleConditions Conditions { get; init; }

    /// <summary>Takes a frame in.</summary>
    /// <param name="result">Of the frame, by the model's task.</param>
    /// <returns>What changed, in the order of the rules; there until the next call.</returns>
    public ReadOnlySpan<RuleEvent> Update(FrameResult result)
    {
        int count = 0;
        foreach (var state in _states)
        {
            if (state.Update(result)) _events[count++] = state.Last!.Value;
        }

        return _events.AsSpan(0, count);
    }

    /// <summary>Turns off every rule that is on, whatever its hold says, and forgets the frames seen.</summary>
    /// <param name="reason"><c>blind</c>, <c>stopped</c>.</param>
    /// <param name="now">On the monotonic clock; <c>quiet_ms</c> counts from it.</param>
    /// <param name="time">By the wall clock, for display.</param>
    /// <returns>What changed; there until the next call.</returns>
    public ReadOnlySpan<RuleEvent> TurnOff(string reason, TimeSpan now, DateTimeOffset time)
    {
        foreach (var state in _states) state.Forget();
        return TurnOff(_ => true, reason, now, time);
    }

    /// <summary>
    /// Turns off the rules that are on and do not go on in another engine, because a reload changed or removed them. To be called on the earlier
    /// engine while the outputs that it knows are still open.
    /// </summary>
    /// <param name="next">Made with this one as its earlier engine.</param>
    /// <param name="now">On the monotonic clock.</param>
    /// <param name="time">By the wall clock, for display.</param>
    /// <returns>What changed, reason <c>reloaded</c>; there until the next call.</returns>
    public ReadOnlySpan<RuleEvent> TurnOffAllBut(RuleEngine next, TimeSpan now, DateTimeOffset time) =>
        TurnOff(state => !next._states.Any(s => s.Settings == state.Settings), "reloaded", now, time);

    /// <summary>
    /// The events that turned on the rules that are on, with the reason <c>reloaded</c>: for
    /// outputs that were opened since, which do not know it yet.
    /// </summary>
    /// <returns>There until the next call.</returns>
    public ReadOnlySpan<RuleEvent> Standing()
    {
        int count = 0;
        foreach (var state in _states)
        {
            if (state is { IsOn: true, Last: { } last }) _events[count++] = last with { Reason = "reloaded" };
        }

        return _events.AsSpan(0, count);
    }

    /// <summary>Names of the outputs that a rule's changes go to; empty for a rule that there is not.</summary>
    public IReadOnlyList<string> ActionsOf(string rule)
    {
        foreach (var state in _states)
        {
            if (state.Settings.Name == rule) return state.Settings.Actions;
        }

        return [];
    }

    private ReadOnlySpan<RuleEvent> TurnOff(Predicate<RuleState> which, string reason, TimeSpan now, DateTimeOffset time)
    {
        int count = 0;
        foreach (var state in _states)
        {
            if (!state.IsOn || !which(state)) continue;
            state.TurnOff(reason, now, time);
            _events[count++] = state.Last!.Value;
        }

        return _events.AsSpan(0, count);
    }
}
