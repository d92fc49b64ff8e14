using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Flow;

/// <content>
/// No decision outlives the frames that it came from. The frame thread turns rules off itself when the camera fails; should it stand still
/// somewhere (in a driver, a file system, the network), a timer does it in its place.
/// </content>
internal sealed partial class EdgeService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250), LookAtLeast = TimeSpan.FromMilliseconds(20);
    private readonly Lock _deciding = new(); // around rules and what outputs are told; never held while anything is waited for
    private readonly Liveness _liveness;
    private ITimer? _lookout;
    private string? _standstill; // why no frame is answered, while that is so

    /// <summary>The rules' decisions are older than the configuration allows. A frame's own work does not count: a slow network answers rarely, and does answer.</summary>
    private bool IsOverdue => _liveness.Age >= _configuration.Camera.Stall + (2 * _liveness.Work);

    private void StartLookout()
    {
        var every = _configuration.Camera.Stall / 4;
        every = every > LookEvery ? LookEvery : every < LookAtLeast ? LookAtLeast : every;
        _lookout = _time.CreateTimer(_ => LookOut(), null, every, every);
    }

    /// <summary>On the timer's thread.</summary>
    private void LookOut()
    {
        if (_state != "running" || !IsOverdue || !_deciding.TryEnter()) return; // decided at this moment: the next look is soon
        try
        {
            if (_state != "running" || !IsOverdue) return;
            _standstill = string.Create(CultureInfo.InvariantCulture, $"no frame was answered for {_liveness.Age.TotalSeconds:F1} s");
            _log.Error("the service stands still; rules are off until frames flow", ("reason", _standstill));
            Blind("blind");
        }
        finally
        {
            _deciding.Exit();
        }
    }

    /// <summary>No frames: what the rules said last no longer holds.</summary>
    private void Blind(string reason)
    {
        lock (_deciding)
        {
            if (_state == "blind" && reason == "blind") return;
            if (reason == "blind") _state = reason;
            foreach (ref readonly var change in _rules.TurnOff(reason, _time.Now(), _time.GetUtcNow())) Tell(change);
        }

        _environment.Notifier.Status(StatusLine());
    }

    /// <summary>Tells the log and the outputs; for who holds <see cref="_deciding"/>.</summary>
    private void Tell(in RuleEvent change)
    {
        _log.Info(change.IsOn ? "rule on" : "rule off", ("rule", change.Rule), ("label", change.Label), ("probability", change.Probability), ("reason", change.Reason), ("frame", change.Frame));
        _outputs.Accept(change, _rules.ActionsOf(change.Rule));
    }

    private void See()
    {
        (_state, _standstill) = ("running", null);
        _log.Notice("frames flow", ("frame", _result.Frame));
        _environment.Notifier.Status(StatusLine());
    }
}
