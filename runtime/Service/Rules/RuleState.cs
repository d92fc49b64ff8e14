using System.Numerics;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Rules;

/// <summary>One rule and what it remembers. For the frame thread; <see cref="IsOn"/> and <see cref="TurnedOn"/> may be read by others.</summary>
/// <param name="settings">Of the rule.</param>
/// <param name="predicate">What it watches in the model's results.</param>
/// <param name="camera">That it watches, by name; null: the one that has none.</param>
internal sealed class RuleState(RuleSettings settings, TaskPredicate predicate, string? camera = null)
{
    private readonly float _threshold = (float)settings.Threshold; // as scores are, so that 0.9 reaches 0.9
    private readonly float _release = (float)settings.Release;
    private readonly ulong _window = ulong.MaxValue >> (RuleSettings.MaxWindow - settings.Of);
    private ulong _reachedThreshold; // a bit a frame, the last one lowest
    private ulong _reachedRelease;
    private TimeSpan? _changed;
    private volatile bool _isOn;
    private long _turnedOn;

    /// <summary>Of the rule.</summary>
    public RuleSettings Settings => settings;

    /// <summary>That it watches; null: the one that has no name.</summary>
    public string? Camera => camera;

    /// <summary>What it is now.</summary>
    public bool IsOn => _isOn;

    /// <summary>How often it turned on.</summary>
    public long TurnedOn => Volatile.Read(ref _turnedOn);

    /// <summary>The event that <see cref="IsOn"/> comes from; nothing before the first.</summary>
    public RuleEvent? Last { get; private set; }

    /// <summary>Takes over what the same rule of an earlier configuration remembers.</summary>
    public void Continue(RuleState earlier)
    {
        (_reachedThreshold, _reachedRelease, _changed) = (earlier._reachedThreshold, earlier._reachedRelease, earlier._changed);
        (_isOn, _turnedOn, Last) = (earlier._isOn, earlier.TurnedOn, earlier.Last);
    }

    /// <summary>Takes a frame in.</summary>
    /// <param name="result">Of the frame.</param>
    /// <returns>Whether the rule changed; then <see cref="Last"/> says how.</returns>
    public bool Update(FrameResult result)
    {
        float score = predicate.Score(result.Answer, out int what);
        _reachedThreshold = (_reachedThreshold << 1) | (score >= _threshold ? 1UL : 0);
        _reachedRelease = (_reachedRelease << 1) | (score >= _release ? 1UL : 0);
        bool speakForOn = BitOperations.PopCount((_isOn ? _reachedRelease : _reachedThreshold) & _window) >= settings.Frames;
        if (speakForOn == _isOn || result.DoneTime - _changed < (_isOn ? settings.Hold : settings.Quiet)) return false;
        string label = what < 0 ? "" : predicate.NameOf(what);
        string reason = _isOn ? "gone" : "seen";
        if (what < 0) score = 0;
        Set(!_isOn, result.DoneTime, new RuleEvent(settings.Name, !_isOn, label, score, reason, result.Frame, result.CameraTime, result.Time));
        return true;
    }

    /// <summary>Turns off whatever the hold says and forgets the window; for a rule that is on.</summary>
    public void TurnOff(string reason, TimeSpan now, DateTimeOffset time)
    {
        (_reachedThreshold, _reachedRelease) = (0, 0);
        Set(false, now, new RuleEvent(settings.Name, false, "", 0, reason, Last?.Frame ?? 0, Last?.CameraTime ?? default, time));
    }

    /// <summary>Forgets the frames seen; for a rule that is off when frames stop.</summary>
    public void Forget() => (_reachedThreshold, _reachedRelease) = (0, 0);

    private void Set(bool isOn, TimeSpan now, in RuleEvent change)
    {
        (_changed, Last) = (now, change with { Camera = camera });
        if (isOn) Volatile.Write(ref _turnedOn, _turnedOn + 1);
        _isOn = isOn;
    }
}
