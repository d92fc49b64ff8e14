using System.Numerics;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Rules;

/// <summary>One rule and what it remembers. For the frame thread; <see cref="IsOn"/> and <see cref="TurnedOn"/> may be read by others.</summary>
/// <param name="settings">Of the rule.</param>
/// <param name="predicate">What it watches in the model's results.</param>
/// <param name="gate">When it is decided at all; null: always.</param>
/// <param name="camera">That it watches, by name; null: the one that has none.</param>
internal sealed class RuleState(RuleSettings settings, TaskPredicate predicate, RuleGate? gate, string? camera = null)
{
    private readonly float _threshold = (float)settings.Threshold; // as scores are, so that 0.9 reaches 0.9
    private readonly float _release = (float)settings.Release;
    private readonly ulong _window = ulong.MaxValue >> (RuleSettings.MaxWindow - settings.Of);
    private ulong _reachedThreshold; // a bit a frame, the last one lowest
    private ulong _reachedRelease;
    private TimeSpan? _changed;
    private RuleLimit? _limit = settings.AtMost is { } limit ? new RuleLimit(limit) : null;
    private bool _isHeldBack; // what turned it on was not told to people, so its end is not either
    private volatile string? _closed;
    private long _heldBack;
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

    /// <summary>For the metrics and the live page; from any thread.</summary>
    public RuleStatus Status => new(settings.Name, _isOn, TurnedOn)
    {
        Camera = camera,
        HeldBack = settings.AtMost is null ? null : Volatile.Read(ref _heldBack),
        Closed = _closed,
    };

    /// <summary>The event that <see cref="IsOn"/> comes from; nothing before the first.</summary>
    public RuleEvent? Last { get; private set; }

    /// <summary>Takes over what the same rule of an earlier configuration remembers.</summary>
    public void Continue(RuleState earlier)
    {
        (_reachedThreshold, _reachedRelease, _changed) = (earlier._reachedThreshold, earlier._reachedRelease, earlier._changed);
        (_isOn, _turnedOn, Last) = (earlier._isOn, earlier.TurnedOn, earlier.Last);
        (_limit, _isHeldBack, _heldBack, _closed) = (earlier._limit, earlier._isHeldBack, earlier._heldBack, earlier._closed);
    }

    /// <summary>Takes a frame in.</summary>
    /// <param name="result">Of the frame.</param>
    /// <returns>Whether the rule changed; then <see cref="Last"/> says how.</returns>
    public bool Update(FrameResult result)
    {
        if (gate is not null && (_closed = gate.Closed()) is { } closed) return Close(closed, result);
        float score = predicate.Score(result.Answer, out int what);
        _reachedThreshold = (_reachedThreshold << 1) | (score >= _threshold ? 1UL : 0);
        _reachedRelease = (_reachedRelease << 1) | (score >= _release ? 1UL : 0);
        int counted = BitOperations.PopCount((_isOn ? _reachedRelease : _reachedThreshold) & _window);
        bool speakForOn = counted >= settings.Frames;
        if (speakForOn == _isOn || result.DoneTime - _changed < (_isOn ? settings.Hold : settings.Quiet)) return false;
        string label = what < 0 ? "" : predicate.NameOf(what);
        string reason = _isOn ? "gone" : "seen";
        if (what < 0) score = 0;
        Set(!_isOn, result.DoneTime, new RuleEvent(settings.Name, !_isOn, label, score, reason, result.Frame, result.CameraTime, result.Time)
        {
            Why = new RuleWhy(
                _isOn ? settings.Release : settings.Threshold, counted, settings.Frames, settings.Of, gate?.ActiveBy, gate?.ArmedBy),
        });
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

    // Its hold does not matter: it is not for this time, or nobody wants to know.
    private bool Close(string reason, FrameResult result)
    {
        Forget();
        if (!_isOn) return false;
        Set(false, result.DoneTime, new RuleEvent(settings.Name, false, "", 0, reason, result.Frame, result.CameraTime, result.Time));
        return true;
    }

    private void Set(bool isOn, TimeSpan now, in RuleEvent change)
    {
        if (isOn)
        {
            _isHeldBack = _limit?.TryPass(now) == false;
            if (_isHeldBack) Volatile.Write(ref _heldBack, _heldBack + 1);
        }

        (_changed, Last) = (now, change with { IsHeldBack = _isHeldBack, Camera = camera });
        if (isOn) Volatile.Write(ref _turnedOn, _turnedOn + 1);
        _isOn = isOn;
    }
}
