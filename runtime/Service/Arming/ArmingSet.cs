using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Arming;

/// <summary>
/// The brokers that are listened to for rules. A change of the configuration keeps those whose settings are the same. For the frame thread.
/// </summary>
/// <param name="conditions">Get the states.</param>
/// <param name="time">Of all waits.</param>
/// <param name="log">For people.</param>
internal sealed class ArmingSet(RuleConditions conditions, TimeProvider time, Log log) : IDisposable
{
    private List<(ArmingSettings Settings, ArmingWatch Watch)> _open = [];

    /// <summary>What rules depend on besides frames.</summary>
    public RuleConditions Conditions => conditions;

    /// <summary>Closes what is gone or changed, then opens what is new.</summary>
    /// <param name="rules">Of the configuration.</param>
    /// <param name="outputs">Of the configuration.</param>
    public void Open(IReadOnlyList<RuleSettings> rules, IReadOnlyList<SinkSettings> outputs)
    {
        var settings = ArmingSettings.Of(rules, outputs);
        var kept = _open.Where(o => settings.Contains(o.Settings)).ToList();
        foreach (var (_, watch) in _open.Except(kept)) watch.Dispose();
        _open = kept;
        foreach (var wanted in settings.Where(s => kept.All(o => o.Settings != s)).ToList())
            _open.Add((wanted, new ArmingWatch(wanted, conditions, time, log)));
    }

    /// <inheritdoc/>
    public void Dispose() => Open([], []);
}
