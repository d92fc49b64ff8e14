using ResNetEdge.Device;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// The rules of one camera, and what the outputs are told of them. No decision outlives the frames that it came from: when frames are no longer
/// answered, all rules turn off. The frame thread decides; the timer of <see cref="StandstillWatch"/> turns rules off in its place when it hangs.
/// One lock is around rules and what outputs are told, and is never held while anything is waited for. <see cref="Phase"/> and the statuses are for
/// any thread.
/// </summary>
/// <param name="rules">Bound to the model.</param>
/// <param name="outputs">Open or not yet open.</param>
/// <param name="time">Of changes.</param>
/// <param name="log">For people.</param>
/// <param name="camera">Its name; null: the one that has none.</param>
internal sealed class Decisions(RuleEngine rules, OutputSet outputs, TimeProvider time, Log log, string? camera = null)
{
    private readonly Lock _deciding = new();
    private volatile RuleEngine _rules = rules;
    private volatile ServicePhase _phase;
    private volatile string? _standstill, _leftOut;

    /// <summary>Where the camera is between the start and the end.</summary>
    public ServicePhase Phase => _phase;

    /// <summary>Why the frame thread answers no frames, when it stands still; else null.</summary>
    public string? Standstill => _standstill;

    /// <summary>Why rules of the configuration are left out, one sentence a rule; null while all of them are decided.</summary>
    public string? LeftOut => _leftOut;

    /// <summary>The rules now; a new list.</summary>
    public IReadOnlyList<RuleStatus> RuleStatuses => _rules.Statuses;

    /// <summary>Gives a frame's result to the outputs and to the rules. Frame thread.</summary>
    /// <returns>Whether frames flow again, or for the first time.</returns>
    public bool Decide(FrameResult result)
    {
        lock (_deciding)
        {
            outputs.Accept(result);
            foreach (ref readonly var change in _rules.Update(result)) Report(change);
            if (_phase is ServicePhase.Running) return false;
            (_phase, _standstill) = (ServicePhase.Running, null);
            return true;
        }
    }

    /// <summary>Gives outputs a frame of which two levels of the ladder say different things, after it was decided on. Frame thread.</summary>
    public void TellDiffering(FrameResult result)
    {
        lock (_deciding) outputs.AcceptDiffering(result);
    }

    /// <summary>There are no frames: turns off all rules, since what they said last no longer holds. Frame thread.</summary>
    /// <returns>False: they were off for that reason already.</returns>
    public bool GoBlind()
    {
        lock (_deciding)
        {
            if (_phase is ServicePhase.Blind) return false;
            _phase = ServicePhase.Blind;
            TurnOff("blind");
            return true;
        }
    }

    /// <summary>Nobody asks for frames: turns off all rules, since what they said last was said of then. Frame thread.</summary>
    /// <returns>False: it slept already.</returns>
    public bool Sleep()
    {
        lock (_deciding)
        {
            if (_phase is ServicePhase.Asleep) return false;
            (_phase, _standstill) = (ServicePhase.Asleep, null);
            TurnOff("asleep");
            return true;
        }
    }

    /// <summary>Turns off all rules in the frame thread's place when that stands still. Any thread; waits for nothing.</summary>
    /// <param name="standstill">Why no frame is answered; null while frames are answered in time. Asked again when nobody else can decide.</param>
    /// <returns>False: nothing was turned off. When the frame thread decides at this moment, the next look is soon.</returns>
    public bool TryGoBlind(Func<string?> standstill)
    {
        if (_phase is not ServicePhase.Running || standstill() is null || !_deciding.TryEnter()) return false;
        try
        {
            if (_phase is not ServicePhase.Running || standstill() is not { } reason) return false;
            log.Error("the service is stalled; rules are off until frames flow", ("reason", reason));
            (_standstill, _phase) = (reason, ServicePhase.Blind); // in this order for those who read both
            TurnOff("blind");
            return true;
        }
        finally
        {
            _deciding.Exit();
        }
    }

    /// <summary>The service ends: turns off all rules for good. Frame thread.</summary>
    public void Stop()
    {
        lock (_deciding)
        {
            _phase = ServicePhase.Stopping;
            TurnOff("stopped");
        }
    }

    /// <summary>
    /// Binds the rules to another model; they stay on or off as they are. A rule whose label the model does not have is turned off and left out until
    /// a model has it: a way back must not fail. Frame thread.
    /// </summary>
    public void Bind(IReadOnlyList<RuleSettings> settings, ModelRunner model)
    {
        var fitting = FittingRules.Of(Watching(settings), model.Task);
        foreach (string reason in fitting.LeftOut) log.Error("a rule is off: the model in use cannot decide it", ("reason", reason));
        lock (_deciding)
        {
            var next = new RuleEngine(fitting.Rules, model.Task, _rules, camera);
            TurnOffAllBut(next);
            _rules = next;
        }

        _leftOut = fitting.LeftOut.Count == 0 ? null : string.Join("; ", fitting.LeftOut);
    }

    /// <summary>
    /// Takes over rules and outputs of a new configuration, for all cameras; those whose settings are the same go on as they are. Between two frames.
    /// </summary>
    /// <param name="all">A camera's each.</param>
    /// <param name="ruleSettings">Of the configuration.</param>
    /// <param name="sinkSettings">Of the configuration.</param>
    /// <param name="models">A camera's each, in the same order.</param>
    /// <exception cref="EdgeException">Exit 3 or 5: an output or a rule cannot be had; outputs are as before.</exception>
    public static void TakeOver(
        IReadOnlyList<Decisions> all, IReadOnlyList<RuleSettings> ruleSettings, IReadOnlyList<SinkSettings> sinkSettings,
        IReadOnlyList<ModelRunner> models)
    {
        RuleEngine[] next = [.. all.Select((one, i) => one.Next(ruleSettings, models[i]))];
        // While the outputs that the old rules drive are still open.
        for (int i = 0; i < next.Length; i++) all[i].LetGo(next[i]);
        var opened = all[0].Open(sinkSettings); // may take a while: the rules may be turned off meanwhile
        for (int i = 0; i < next.Length; i++) all[i].GoOn(ruleSettings, models[i], opened);
    }

    private IReadOnlySet<string> Open(IReadOnlyList<SinkSettings> settings) => outputs.Open(settings);

    private IReadOnlyList<RuleSettings> Watching(IReadOnlyList<RuleSettings> settings) => [.. settings.Where(rule => rule.Watches(camera))];

    private RuleEngine Next(IReadOnlyList<RuleSettings> settings, ModelRunner model) => new(Watching(settings), model.Task, _rules, camera);

    private void LetGo(RuleEngine next)
    {
        lock (_deciding) TurnOffAllBut(next);
    }

    private void GoOn(IReadOnlyList<RuleSettings> settings, ModelRunner model, IReadOnlySet<string> opened)
    {
        lock (_deciding)
        {
            _rules = Next(settings, model);
            foreach (ref readonly var standing in _rules.Standing())
            {
                foreach (string action in _rules.ActionsOf(standing.Rule).Where(opened.Contains)) outputs.AcceptOne(action, standing);
            }
        }

        _leftOut = null;
    }

    // For who holds the lock, as are TurnOff and Report.
    private void TurnOffAllBut(RuleEngine next)
    {
        foreach (ref readonly var change in _rules.TurnOffAllBut(next, time.Now(), time.GetUtcNow())) Report(change);
    }

    private void TurnOff(string reason)
    {
        foreach (ref readonly var change in _rules.TurnOff(reason, time.Now(), time.GetUtcNow())) Report(change);
    }

    private void Report(in RuleEvent change)
    {
        log.Info(
            change.IsOn ? "rule on" : "rule off",
            ("rule", change.Rule), ("label", change.Label), ("probability", change.Probability), ("reason", change.Reason), ("frame", change.Frame));
        outputs.Accept(change, _rules.ActionsOf(change.Rule));
    }
}
