using ResNetEdge.Service.Model;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <content>
/// Loading a package on the preparing thread, on trial: the note that it begins lies on the disk before anything of it is read, so that one
/// that has the process killed is given up, and is taken away when it is refused or found good.
/// </content>
internal sealed partial class EdgeService
{
    private const int TrialFrames = 30;
    private static readonly TimeSpan StartPart = TimeSpan.FromSeconds(5), StartMargin = TimeSpan.FromSeconds(30);
    private readonly ModelVersionGuard _guard;
    private int _trialFrames; // still to go until the model counts as good

    /// <summary>The configured model; the copy of the last good one where that cannot be used, whatever is wrong with it.</summary>
    private ReadyModel LoadFirst()
    {
        var (settings, rules) = (_configuration.Model, _configuration.Rules);
        string? copy = _lastGood.PackagePath;
        PackageStamp? stamp = null; // until the place answered
        try
        {
            var model = Await(
                "loading the model",
                () => LoadOnTrial(settings, rules, stamp = PackageStamp.Of(settings.Package)),
                copy is null ? BackgroundWork.Patience : _environment.StartPatience);
            (_trialFrames, _modelStamp) = (TrialFrames, stamp!);
            return model;
        }
        catch (EdgeException e) when (copy is not null)
        {
            _modelTrouble = e.Message;
            _counters.ModelUpdatesRefused++;
            _log.Error("the configured model cannot be used; running the copy of the last good one", ("reason", e.Message), ("copy", copy));
            if (stamp is not null && e.InnerException is not TimeoutException) _modelStamp = stamp; // else it is looked at again
            return Await("loading the copy of the last good model", () => LoadFor(settings, copy, rules), BackgroundWork.Patience);
        }
    }

    /// <summary>Waits for a job at the start, while the service manager is told that it takes longer.</summary>
    private ReadyModel Await(string what, Func<ReadyModel> load, TimeSpan patience)
    {
        ReadyModel? loaded = null;
        EdgeException? refusal = null;
        _work.Start(what, load, model => loaded = model, e => refusal = e, Discard);
        for (var waited = TimeSpan.Zero; loaded is null && refusal is null; waited += StartPart)
        {
            _environment.Notifier.ExtendTimeout(StartPart + StartMargin);
            _work.WaitForAny(StartPart < patience ? StartPart : patience);
            if (_work.Take()) continue;
            if (waited + StartPart >= patience) _work.GiveUp(patience);
        }

        return loaded ?? throw refusal!;
    }

    /// <summary>Loads the configured package; on the preparing thread.</summary>
    private ReadyModel LoadOnTrial(ModelSettings settings, IReadOnlyList<RuleSettings> rules, PackageStamp stamp)
    {
        if (_lastGood.Trials(stamp) >= LastGoodModel.MostTrials && _lastGood.Id is not null)
            throw EdgeException.Refused($"{settings.Package}: this package was begun {LastGoodModel.MostTrials} times and the service never ran {TrialFrames} frames with it; put another one there, or touch it to have it tried again");
        NoteTrial(stamp);
        try
        {
            var model = LoadFor(settings, settings.Package, rules);
            if (model.Id == _lastGood.Id) _lastGood.EndTrial(); // it is known
            return model;
        }
        catch
        {
            _lastGood.EndTrial();
            throw;
        }
    }

    private ReadyModel LoadFor(ModelSettings settings, string path, IReadOnlyList<RuleSettings> rules)
    {
        var model = _environment.Load(_loader, settings, path);
        try
        {
            _ = new RuleEngine(rules, model.Runner.Task);
            return model;
        }
        catch
        {
            Discard(model);
            throw;
        }
    }

    private void NoteTrial(PackageStamp stamp)
    {
        try
        {
            _lastGood.BeginTrial(stamp);
        }
        catch (EdgeException e)
        {
            _log.Warning("the trial of the model cannot be noted; a power cut now would forget it", ("reason", e.Message));
        }
    }

    /// <summary>A package that was loaded is not going to run after all.</summary>
    private void ForgetTrial()
    {
        if (_trialFrames > 0) return; // the note is of the one that runs
        _work.Start(
            "forgetting the trial",
            () =>
            {
                _lastGood.EndTrial();
                return true;
            },
            _ => { },
            e => _log.Warning("the trial of the model cannot be forgotten", ("reason", e.Message)));
    }

    /// <summary>The model ran well: it becomes the one to fall back to.</summary>
    private void EndTrial()
    {
        Discard(_rollback);
        _rollback = null;
        var model = _model;
        _work.Start(
            "keeping a copy of the model",
            () =>
            {
                _lastGood.Keep(model.Package.Path, model.Id);
                _guard.Ran(model.Package.ModelVersion);
                return true;
            },
            _ => _log.Info("model found good and kept as the one to fall back to", ("model", model.Package.Name), ("frames", TrialFrames)),
            e => _log.Warning("no copy of the model could be kept to fall back to", ("reason", e.Message)));
    }

    private static void Discard(ReadyModel? model)
    {
        model?.Runner.Dispose();
        model?.Dispose();
    }
}
