using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Heat;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <content>The model while the service runs: updates, roll-back, levels.</content>
internal sealed partial class EdgeService
{
    private PackageStamp _modelStamp = PackageStamp.None;
    private PackageStamp? _modelSeen; // changed since, and looked at once
    private bool _isUpdating;
    private bool _isLoadingLevel;
    private ReadyModel? _rollback; // the model before, until the new one is found good
    private string? _modelTrouble; // why not the configured one runs
    private string? _unusable; // why the last frame could not be used, said once

    /// <summary>A package that changed is loaded when it is the same at two looks: somebody may still be copying it.</summary>
    private void LookForModel(ModelSettings settings, PackageStamp stamp)
    {
        if (_isUpdating || _isReloading || settings != _configuration.Model) return;
        bool isNew = stamp != _modelStamp && stamp.Length >= 0;
        if (!isNew || stamp != _modelSeen)
        {
            _modelSeen = isNew ? stamp : null;
            return;
        }

        (_isUpdating, _modelStamp, _modelSeen) = (true, stamp, null);
        _log.Notice("another model lies there; verifying it", ("package", settings.Package));
        var rules = _configuration.Rules;
        _work.Start(
            "loading the model",
            () => LoadOnTrial(settings, rules, stamp),
            model =>
            {
                _isUpdating = false;
                // A reload in between may have named another package: this one is then nobody's.
                if (_configuration.Model == settings)
                {
                    Swap(model, stamp);
                    return;
                }

                Discard(model);
                ForgetTrial();
            },
            e =>
            {
                _isUpdating = false;
                if (e.InnerException is TimeoutException) _modelStamp = PackageStamp.None; // the same may be right another time
                RefuseModel(e.Message);
            },
            Discard);
    }

    /// <summary>Between two frames: the next one runs on the new model.</summary>
    private void Swap(ReadyModel model, PackageStamp stamp)
    {
        if (model.Id == _model.Id && model.Settings == _model.Settings && model.Runner.Labels.SequenceEqual(_runner.Labels))
        {
            _log.Info("the model that lies there is the one that runs", ("package", model.Package.Path));
            _modelTrouble = null;
            Discard(model);
            ForgetTrial();
            return;
        }

        Discard(_rollback);
        // With its weights: they were there while the new one was loaded, and going back must wait for no disk.
        _rollback = _model with { Runner = _runner };
        (_modelStamp, _trialFrames) = (stamp, TrialFrames);
        Use(model);
        _modelTrouble = null;
        _counters.ModelUpdates++;
        _log.Notice("model taken over", ("model", model.Package.Name), ("version", model.Package.ModelVersion), ("package", model.Package.Path), ("updates", _counters.ModelUpdates));
        _environment.Notifier.Status(StatusLine());
    }

    private void Use(ReadyModel model)
    {
        var result = new FrameResult(model.Runner.Task.NewResult());
        lock (_deciding)
        {
            var rules = new RuleEngine(_configuration.Rules, model.Runner.Task, _rules);
            lock (_published)
            {
                _result.Dispose();
                (_model, _runner, _result, _rules) = (model, model.Runner, result, rules);
                _scheduler = new Scheduler(_configuration.Budget, model.Package.Levels, _time.Now());
            }
        }

        _phase = 0;
    }

    private void RefuseModel(string reason)
    {
        _counters.ModelUpdatesRefused++;
        _modelTrouble = reason;
        _log.Error("model refused, the old one goes on", ("reason", reason), ("refused", _counters.ModelUpdatesRefused));
    }

    /// <summary>Runs a frame; a new model that fails on one is rolled back.</summary>
    private bool TryRun(in Frame frame)
    {
        try
        {
            if (_runner.TryRun(frame, _result, out string? whyNot)) return true;
            Unusable(whyNot ?? "it is damaged");
            return false;
        }
        catch (Exception e) when (_rollback is not null)
        {
            RollBack(e.Message);
            return false;
        }
    }

    /// <summary>Counts a frame that cannot be used, and says why when that is new.</summary>
    private FrameUse Unusable(string whyNot)
    {
        _counters.Undecodable++;
        _camera.Unusable(whyNot);
        if (whyNot != _unusable) _log.Warning("a frame cannot be used", ("reason", _unusable = whyNot), ("so_far", _counters.Undecodable));
        return FrameUse.Unusable;
    }

    private void RollBack(string reason)
    {
        var (bad, good) = (_model with { Runner = _runner }, _rollback!);
        (_rollback, _trialFrames) = (null, 0);
        RefuseModel($"it failed on a frame and was rolled back: {reason}");
        Use(good);
        Discard(bad);
        ForgetTrial();
        LoadLevel();
    }

    /// <summary>Loads the scheduler's level aside, when it is not the one that runs.</summary>
    private void LoadLevel()
    {
        int level = _scheduler.Gear.Level;
        if (_isLoadingLevel || level == _runner.Level) return;
        _isLoadingLevel = true;
        var model = _model;
        _work.Start(
            "loading a level of the model",
            () => ModelLoader.LoadLevel(model, level),
            runner =>
            {
                _isLoadingLevel = false;
                if (model != _model)
                {
                    runner.Dispose();
                    return;
                }

                var old = _runner;
                lock (_published) _runner = runner;
                old.Dispose();
                _log.Notice("level taken over", ("level", level), ("levels", model.Package.Levels));
                LoadLevel(); // the scheduler may want another one by now
            },
            e =>
            {
                _isLoadingLevel = false;
                _log.Error("a level of the model cannot be loaded; staying where we are", ("level", level), ("reason", e.Message));
            },
            runner => runner.Dispose());
    }
}
