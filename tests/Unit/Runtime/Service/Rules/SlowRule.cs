using ResNetEdge.Service.Rules;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Rules;

/// <summary>A rule as its documentation tells it: every frame is kept, every question is asked anew.</summary>
internal sealed class SlowRule(RuleSettings rule, string[] labels)
{
    private readonly List<float> _seen = [];
    private TimeSpan? _changed;

    public bool IsOn { get; private set; }

    public bool Update(float[] probabilities, TimeSpan now)
    {
        var watched = labels.Select((label, i) => (label, p: probabilities[i]))
            .Where(c => rule.Labels.Contains(c.label) && !float.IsNaN(c.p)).Select(c => c.p).ToList();
        _seen.Add(watched.Count == 0 ? float.NegativeInfinity : watched.Max());
        double needed = IsOn ? rule.Release : rule.Threshold;
        bool wanted = _seen.TakeLast(rule.Of).Count(p => p >= (float)needed) >= rule.Frames;
        if (wanted == IsOn) return false;
        if (_changed is { } changed && now - changed < (IsOn ? rule.Hold : rule.Quiet)) return false;
        (IsOn, _changed) = (wanted, now);
        return true;
    }

    public bool TurnOff(TimeSpan now)
    {
        _seen.Clear();
        if (!IsOn) return false;
        (IsOn, _changed) = (false, now);
        return true;
    }
}
