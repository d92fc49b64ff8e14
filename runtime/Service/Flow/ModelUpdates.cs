using ResNetEdge.Device;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pacing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// The model while the service runs: a package that changed is loaded and verified in the background and taken over between two frames, on trial.
/// One that fails on a frame of any camera is rolled back for all; one that runs well becomes the copy to fall back to. For the service thread, but
/// for <see cref="CanRollBack"/> and <see cref="CountFrame"/>, which frame threads call.
/// </summary>
/// <param name="state">Model and scheduler are exchanged there, and the rules of each camera are bound to the model.</param>
/// <param name="levels">Loads the scheduler's level after a roll-back.</param>
/// <param name="work">The background.</param>
/// <param name="loader">Loads packages there.</param>
/// <param name="status">Is sent after a change.</param>
/// <param name="first">What the service started with.</param>
/// <param name="environment">Clock and log.</param>
internal sealed class ModelUpdates(
    ServiceState state, LevelChanges levels, BackgroundWork work, TrialLoader loader, StatusLine status, FirstModel first,
    ServiceEnvironment environment) : IDisposable
{
    private readonly Log _log = environment.Log;
    private readonly SettledChange _change = new(first.Stamp);
    private volatile ModelTrial? _trial = first.IsOnTrial ? new ModelTrial(null) : null; // null: the model was found good
    private bool _isLoading;

    /// <summary>Whether there is a model to go back to when the one in use fails on a frame.</summary>
    public bool CanRollBack => _trial?.Before is not null;

    /// <summary>Loads a package that changed, once the change has settled.</summary>
    /// <param name="settings">By which the stamp was taken; nothing happens when they are no longer those of the configuration.</param>
    /// <param name="stamp">Of the package now.</param>
    public void LoadIfChanged(ModelSettings settings, PackageStamp stamp)
    {
        if (_isLoading || settings != state.Parts.Configuration.Model || !_change.IsAt(stamp)) return;
        _change.Take(stamp);
        _isLoading = true;
        _log.Notice("found another model; verifying it", ("package", settings.Package));
        var rules = state.Parts.Configuration.Rules;
        work.Start(
            "loading the model",
            () => loader.LoadOnTrial(settings, rules, stamp),
            model => TakeLoaded(model, settings, stamp),
            RefuseLoaded,
            static model => model.Dispose());
    }

    /// <summary>Between two frames: the next one runs on the new model, or on the present one when the two are the same.</summary>
    /// <param name="model">Loaded on trial; owned from now on.</param>
    /// <param name="stamp">Of its package before it was read.</param>
    public void TakeOver(ReadyModel model, PackageStamp stamp)
    {
        var current = state.Parts.Model;
        if (model.Id == current.Id && model.Settings == current.Settings && model.Runner.Labels.SequenceEqual(current.Runner.Labels))
        {
            _log.Info("the package is the one that runs already", ("package", model.Package.Path));
            state.ModelTrouble = null;
            model.Dispose();
            ForgetTrial();
            return;
        }

        // The one to go back to stays loaded: going back must not wait for a disk. A model whose own trial is not over gives way for good.
        var fallBack = _trial?.Before ?? current;
        Use(model);
        if (fallBack != current) current.Dispose();
        _trial = new ModelTrial(fallBack);
        _change.Known = stamp;
        state.ModelTrouble = null;
        state.Counters.ModelUpdates++;
        _log.Notice(
            "model taken over",
            ("model", model.Package.Name), ("version", model.Package.ModelVersion), ("package", model.Package.Path),
            ("updates", state.Counters.ModelUpdates));
        model.LogNotes(_log);
        status.Send();
    }

    /// <summary>Counts a frame of any camera that the model ran; the last one of a trial ends it well.</summary>
    public void CountFrame()
    {
        if (_trial is { } trial && trial.CountFrame()) EndWell(trial);
    }

    private void EndWell(ModelTrial trial) => work.Post(() =>
    {
        if (trial == _trial) Keep(trial);
    });

    private void Keep(ModelTrial trial)
    {
        trial.Dispose();
        _trial = null;
        var model = state.Parts.Model;
        work.Start(
            "keeping a copy of the model",
            () =>
            {
                loader.KeepAsLastGood(model);
                return true;
            },
            _ => _log.Info("model found good and kept as the one to fall back to", ("model", model.Package.Name), ("frames", ModelTrial.Frames)),
            e => _log.Warning("no copy of the model could be kept to fall back to", ("reason", e.Message)));
    }

    /// <summary>Goes back to the model before, unless that was done for another camera's frame.</summary>
    /// <param name="from">That failed.</param>
    /// <param name="reason">What happened on a frame.</param>
    public void RollBack(ReadyModel from, string reason)
    {
        // A level of it may have been taken over meanwhile.
        if (state.Parts.Model is var bad && (bad.Package != from.Package || _trial?.Before is not { } good)) return;
        _trial = null;
        Refuse($"it failed on a frame and was rolled back: {reason}");
        Use(good);
        bad.Dispose();
        ForgetTrial();
        levels.LoadLevel();
    }

    /// <summary>A package that was loaded on trial is not going to run.</summary>
    public void ForgetTrial()
    {
        if (_trial is not null) return; // the note is of the one that runs
        work.Start(
            "forgetting the trial",
            () =>
            {
                loader.ForgetTrial();
                return true;
            },
            _ => { },
            e => _log.Warning("the trial of the model cannot be forgotten", ("reason", e.Message)));
    }

    /// <summary>The service ends in order: whatever is on trial did not end it.</summary>
    public void Stop()
    {
        if (_trial is not null) loader.ForgetTrial();
    }

    /// <summary>Closes the model to go back to; the one in use has other owners.</summary>
    public void Dispose() => _trial?.Dispose();

    private void TakeLoaded(ReadyModel model, ModelSettings settings, PackageStamp stamp)
    {
        _isLoading = false;
        if (state.Parts.Configuration.Model == settings)
        {
            TakeOver(model, stamp);
            return;
        }

        // A reload in between named another package.
        model.Dispose();
        ForgetTrial();
    }

    private void RefuseLoaded(EdgeException e)
    {
        _isLoading = false;
        if (e.InnerException is TimeoutException) _change.Known = PackageStamp.None; // the same may be right another time
        Refuse(e.Message);
    }

    private void Use(ReadyModel model)
    {
        var configuration = state.Parts.Configuration;
        foreach (var stream in state.Streams)
        {
            var runner = model.Runners[stream.Index];
            stream.Decisions.Bind(configuration.Rules, runner);
            stream.Fit(runner.Task);
        }

        state.Parts = state.Parts with
        {
            Model = model,
            Scheduler = new Scheduler(configuration.Budget, model.Package.Levels, environment.Time.Now()),
        };
    }

    private void Refuse(string reason)
    {
        state.Counters.ModelUpdatesRefused++;
        state.ModelTrouble = reason;
        _log.Error("model refused; the previous one stays in use", ("reason", reason), ("refused", state.Counters.ModelUpdatesRefused));
    }
}
