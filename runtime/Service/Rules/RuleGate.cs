using ResNetEdge.Device;

namespace ResNetEdge.Service.Rules;

/// <summary>
/// Whether a rule is decided now: its times and what arms it. The clock is asked once a second; a frame allocates nothing. For the frame thread.
/// </summary>
/// <param name="rule">The settings.</param>
/// <param name="time">The wall clock and its zone, and the monotonic one.</param>
/// <param name="armed">State of the topic that arms it; null: nothing does.</param>
internal sealed class RuleGate(RuleSettings rule, TimeProvider time, ArmedState? armed)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private TimeSpan? _asked;
    private string? _activeBy;

    /// <summary>The period within which the rule is, as it was written; null: it needs none.</summary>
    public string? ActiveBy => _activeBy;

    /// <summary>The state by which it is armed; null: it needs none, or none was heard.</summary>
    public string? ArmedBy => armed?.Text;

    /// <summary>Why the rule is off, as events name it: <c>inactive</c> or <c>disarmed</c>; null: it is decided.</summary>
    public string? Closed()
    {
        if (rule.Active.Periods.Count > 0)
        {
            var now = time.Now();
            if (_asked is null || now - _asked >= Period)
            {
                _asked = now;
                _activeBy = rule.Active.At(time.GetUtcNow().UtcDateTime, time.LocalTimeZone)?.Text;
            }

            if (_activeBy is null) return "inactive";
        }

        return IsArmed() ? null : "disarmed";
    }

    private bool IsArmed()
    {
        if (rule.ArmedBy is not { } settings) return true;
        if (armed?.Text is not { } state) return settings.IsArmedUnheard;
        for (int i = 0; i < settings.States.Count; i++)
        {
            if (settings.States[i] == state) return true;
        }

        return false;
    }
}
