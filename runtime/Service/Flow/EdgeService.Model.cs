using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Heat;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <content>The model while the service runs: updates, roll-back, levels.</content>
internal sealed partial class EdgeService
{
    private const int TrialFrames = 30;
    private readonly ModelVersionGuard _guard;
    private PackageStamp _modelStamp = new("", -1, 0);
    private PackageStamp? _modelSeen; // changed since, and looked at once
    private bool _isUpdating;
    private bool _isLoadingLevel;
    private int _trialFrames; // still to go until the model counts as good
    private ReadyModel? _rollback; // the model before, until the new one is found good
    private string? _modelTrouble; // why not the configured one runs
    private string? _unusable; // why the last frame could not be used, said once

    /// <summary>The configured model; the copy of the last good one where that cannot be used.</summary>
    private ReadyModel LoadFirst()
    {
        var settings = _configuration.Model;
        _modelStamp = PackageStamp.Of(settings.Package);
        try
        {
            var model = _loader.Load(settings, settings.Package);
            if (_lastGood.Trials(model.Id) >= LastGoodModel.MostTrials && _lastGood.Id is not null && _lastGood.Id != model.Id)
            {
                Discard(model);
                throw EdgeException.Refused($"{settings.Package}: this package was begun {LastGoodModel.MostTrials} times and the service never ran {TrialFrames} frames with it; put another one there");
            }

            BeginTrial(model);
            return model;
        }
        catch (EdgeException e) when (_lastGood.PackagePath is { } copy)
        {
            _modelTrouble = e.Message;
            _counters.ModelUpdatesRefused++;
            _log.Error("the configured model cannot be used; running the copy of the last good one", ("reason", e.Message), ("copy", copy));
            return _loader.Load(settings, copy);
        }
    }

    /// <summary>A package that changed is loaded when it is the same at two looks: somebody may still be copying it.</summary>
    private void LookForModel()
    {
        if (_isUpdating || _isReloading) return;
        var settings = _configuration.Model;
        var stamp = PackageStamp.Of(settings.Package);
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
            () => LoadFor(settings, rules),
            model =>
            {
                _isUpdating = false;
                // A reload in between may have named another package: this one is then nobody's.
                if (_configuration.Model == settings) Swap(model, stamp);
                else Discard(model);
            },
            e =>
            {
                _isUpdating = false;
                RefuseModel(e.Message);
            });
    }

    private ReadyModel LoadFor(ModelSettings settings, IReadOnlyList<RuleSettings> rules)
    {
        var model = _loader.Load(settings, settings.Package);
        try
        {
            _ = new RuleEngine(rules, model.Runner.Labels, model.Runner.Classes);
            return model;
        }
        catch
        {
            Discard(model);
            throw;
        }
    }

    /// <summary>Between two frames: the next one runs on the new model.</summary>
    private void Swap(ReadyModel model, PackageStamp stamp)
    {
        if (model.Id == _model.Id && model.Settings == _model.Settings && model.Runner.Labels.SequenceEqual(_runner.Labels))
        {
            _log.Info("the model that lies there is the one that runs", ("package", model.Package.Path));
            _modelTrouble = null;
            Discard(model);
            return;
        }

        _rollback?.Dispose();
        _rollback = _model;
        _modelStamp = stamp;
        BeginTrial(model);
        Use(model);
        _modelTrouble = null;
        _counters.ModelUpdates++;
        _log.Notice("model taken over", ("model", model.Package.Name), ("version", model.Package.ModelVersion), ("package", model.Package.Path), ("updates", _counters.ModelUpdates));
        _environment.Notifier.Status(StatusLine());
    }

    private void Use(ReadyModel model)
    {
        var old = _runner;
        var result = new FrameResult(model.Runner.Classes);
        lock (_deciding)
        {
            var rules = new RuleEngine(_configuration.Rules, model.Runner.Labels, model.Runner.Classes, _rules);
            lock (_published)
            {
                _result.Dispose();
                (_model, _runner, _result, _rules) = (model, model.Runner, result, rules);
                _scheduler = new Scheduler(_configuration.Budget, model.Package.Levels, _time.Now());
            }
        }

        old.Dispose();
        _phase = 0;
    }

    private void RefuseModel(string reason)
    {
        _counters.ModelUpdatesRefused++;
        _modelTrouble = reason;
        _log.Error("model refused, the old one goes on", ("reason", reason), ("refused", _counters.ModelUpdatesRefused));
    }

    private void BeginTrial(ReadyModel model)
    {
        _trialFrames = TrialFrames;
        try
        {
            _lastGood.BeginTrial(model.Id);
        }
        catch (EdgeException e)
        {
            _log.Warning("the trial of the model cannot be noted; a power cut now would forget it", ("reason", e.Message));
        }
    }

    /// <summary>The model ran well: it becomes the one to fall back to.</summary>
    private void EndTrial()
    {
        _rollback?.Dispose();
        _rollback = null;
        var model = _model;
        _work.Start(
            () =>
            {
                _lastGood.Keep(model.Package.Path, model.Id);
                _guard.Ran(model.Package.ModelVersion);
                return true;
            },
            _ => _log.Info("model found good and kept as the one to fall back to", ("model", model.Package.Name), ("frames", TrialFrames)),
            e => _log.Warning("no copy of the model could be kept to fall back to", ("reason", e.Message)));
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
        catch (Exception e) when (_rollback is not null && e is not OutOfMemoryException)
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
        var (bad, good) = (_model, _rollback!);
        _rollback = null;
        RefuseModel($"it failed on a frame and was rolled back: {reason}");
        // Its runner was closed when the new one took over; its package stayed open.
        Use(good with { Runner = ModelLoader.LoadLevel(good, 0) });
        bad.Dispose();
        _lastGood.EndTrial();
        _trialFrames = 0;
    }

    /// <summary>Loads the scheduler's level aside, when it is not the one that runs.</summary>
    private void LoadLevel()
    {
        int level = _scheduler.Gear.Level;
        if (_isLoadingLevel || level == _runner.Level) return;
        _isLoadingLevel = true;
        var model = _model;
        _work.Start(
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
            });
    }

    private static void Discard(ReadyModel model)
    {
        model.Runner.Dispose();
        model.Dispose();
    }
}
