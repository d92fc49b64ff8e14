using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Heat;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <content>The configuration while the service runs.</content>
internal sealed partial class EdgeService
{
    private PackageStamp _configurationStamp;
    private PackageStamp? _configurationSeen; // changed since, and looked at once
    private volatile bool _reloadWanted;
    private bool _isReloading;
    private bool _isLooking;
    private string? _configurationTrouble; // why the file is not what runs

    /// <summary>Starts with the configuration; with the copy of the last one that was taken over, where the file cannot be used.</summary>
    /// <exception cref="EdgeException">Exit 3, 4 or 5: there is no copy, or it is the same, or cannot be used either.</exception>
    public static EdgeService Start(string path, ServiceEnvironment environment)
    {
        try
        {
            return new EdgeService(path, environment);
        }
        catch (Exception e) when (LastGoodConfiguration.Places(path, environment.StateFolder).Select(p => p.CopyBeside(path)).FirstOrDefault(c => c is not null) is { } copy)
        {
            if (e is not EdgeException) environment.Log.Error("a defect of this program; please report it", ("defect", e));
            foreach (string line in e.Message.Split('\n')) environment.Log.Error("the configuration cannot be used; running the last one that was taken over", ("reason", line), ("copy", copy));
            return new EdgeService(path, environment, copy, e.Message);
        }
    }

    /// <summary>Keeps a copy of what was just taken over, on the other thread.</summary>
    private void KeepConfiguration()
    {
        var (given, stamp) = (_environment.StateFolder, _configurationStamp);
        _work.Start(
            "keeping a copy of the configuration",
            () =>
            {
                // Changed meanwhile, it is not the one that was taken over.
                if (PackageStamp.Of(_path) != stamp) return stamp;
                foreach (var place in LastGoodConfiguration.Places(_path, given)) place.Keep(_path);
                return stamp;
            },
            _ => { },
            e => _log.Warning("no copy of the configuration could be kept for the next start", ("reason", e.Message)));
    }

    /// <summary>Reads the configuration again soon, changed or not; from any thread.</summary>
    public void Reload()
    {
        _reloadWanted = true;
        _camera.Wake();
    }

    /// <summary>A file that changed is read when it is the same at two looks: somebody may still be writing it.</summary>
    private void LookForConfiguration(PackageStamp stamp)
    {
        if (_isReloading) return;
        bool isNew = stamp != _configurationStamp && stamp.Length >= 0;
        if (!_reloadWanted && !(isNew && stamp == _configurationSeen))
        {
            _configurationSeen = isNew ? stamp : null;
            return;
        }

        (_reloadWanted, _isReloading, _configurationStamp, _configurationSeen) = (false, true, stamp, null);
        _environment.Notifier.Reloading();
        var (current, model) = (_configuration, _model);
        _work.Start("preparing the configuration", () => Prepare(current, model), TakeOver, Refuse, prepared => Discard(prepared.Model));
    }

    /// <summary>Looks, aside, whether files changed: a path may lie on a disk of the network.</summary>
    private void Look()
    {
        if (_isLooking) return;
        _isLooking = true;
        var settings = _configuration.Model;
        _work.Start(
            "looking for changed files",
            () => (Configuration: PackageStamp.Of(_path), Model: PackageStamp.Of(settings.Package)),
            stamps =>
            {
                _isLooking = false;
                LookForConfiguration(stamps.Configuration);
                LookForModel(settings, stamps.Model);
            },
            e =>
            {
                _isLooking = false;
                _log.Warning("it cannot be seen whether files changed", ("reason", e.Message));
            });
    }

    /// <summary>Everything that can be checked before anything is touched; on the other thread.</summary>
    private Prepared Prepare(ServiceConfiguration current, ReadyModel model)
    {
        var next = ServiceConfiguration.Read(_path);
        if (next.StateFolder != current.StateFolder) throw EdgeException.BadInput($"{_path}: 'state_folder' cannot change while the service runs; restart it");
        next.Telemetry.Require();
        if (next.Camera.Request != current.Camera.Request) RequireCamera(next.Camera.Request);
        var stamp = PackageStamp.Of(next.Model.Package);
        if (next.Model == current.Model)
        {
            _ = new RuleEngine(next.Rules, model.Runner.Task);
            return new Prepared(next, null, stamp);
        }

        return new Prepared(next, LoadOnTrial(next.Model, next.Rules, stamp), stamp);
    }

    /// <summary>Another camera is taken over when it can work; one that is merely not there now, when there is none to lose for it.</summary>
    private void RequireCamera(CameraRequest request)
    {
        if (new ServiceCheck(_environment.CheckCamera).Camera(request) is not { } absent) return;
        if (_state == "running") throw EdgeException.BadInput($"{_path}: 'camera.device': {absent}; while the camera before gives frames, it is not given up for one that is not there: reload again when it is");
        _log.Warning("the configured camera is not there yet", ("reason", absent));
    }

    private void TakeOver(Prepared prepared)
    {
        var (next, previous) = (prepared.Configuration, _configuration);
        bool changesWatch = next.Watch != previous.Watch, changesTelemetry = next.Telemetry != previous.Telemetry;
        try
        {
            if (changesWatch) RestartWatch(next.Watch, previous.Watch);
            var runner = prepared.Model?.Runner ?? _runner;
            var rules = new RuleEngine(next.Rules, runner.Task, _rules);
            // While the outputs that the old rules drive are still open.
            lock (_deciding)
            {
                foreach (ref readonly var change in _rules.TurnOffAllBut(rules, _time.Now(), _time.GetUtcNow())) Tell(change);
            }

            var opened = _outputs.Open(next.Outputs); // may take its time: the rules may be turned off meanwhile
            lock (_deciding)
            {
                rules = new RuleEngine(next.Rules, runner.Task, _rules);
                lock (_published) (_configuration, _rules) = (next, rules);
                foreach (ref readonly var standing in rules.Standing())
                {
                    foreach (string action in rules.ActionsOf(standing.Rule).Where(opened.Contains)) _outputs.AcceptOne(action, standing);
                }
            }
        }
        catch
        {
            Discard(prepared.Model);
            if (prepared.Model is not null) ForgetTrial();
            if (changesWatch) RestartWatch(previous.Watch, next.Watch);
            throw; // to be refused
        }

        if (changesTelemetry)
        {
            _telemetry?.Dispose();
            lock (_published) _telemetry = StartTelemetry(next.Telemetry);
        }

        if (prepared.Model is { } model) Swap(model, prepared.Stamp);
        if (next.Budget != previous.Budget && prepared.Model is null) NewScheduler();
        if (next.Camera != previous.Camera)
        {
            var old = _camera;
            lock (_published) _camera = NewCamera(next.Camera);
            _frozen = new FrozenPicture(next.Camera.Frozen);
            old.Dispose();
            _lookout?.Dispose();
            StartLookout();
        }

        (_isReloading, _configurationTrouble) = (false, null);
        KeepConfiguration();
        _counters.Reloads++;
        _log.Notice("configuration taken over", ("configuration", _path), ("reloads", _counters.Reloads));
        _environment.Notifier.Ready(StatusLine());
    }

    private void Refuse(EdgeException e)
    {
        _isReloading = false;
        _counters.ReloadsRefused++;
        foreach (string line in e.Message.Split('\n')) _log.Error("configuration refused, the old one goes on", ("reason", line));
        _environment.Notifier.Ready(StatusLine());
    }

    private void NewScheduler()
    {
        lock (_published) _scheduler = new Scheduler(_configuration.Budget, _model.Package.Levels, _time.Now());
        _phase = 0;
        LoadLevel();
    }

    private IDisposable? StartWatch(WatchSettings settings)
    {
        if (settings.Listen is null) return null;
        settings.CheckIsBuilt(_path, _environment.StartWatch is not null);
        return _environment.StartWatch!(settings, this);
    }

    private OtlpPush? StartTelemetry(TelemetrySettings settings) => settings.Endpoint is null ? null : new OtlpPush(settings, Snapshot, BuildInfo.Version, _time, _log);

    private void RestartWatch(WatchSettings next, WatchSettings previous)
    {
        _watch?.Dispose();
        _watch = null;
        try
        {
            _watch = StartWatch(next);
        }
        catch (EdgeException)
        {
            _watch = StartWatch(previous);
            throw;
        }
    }

    /// <summary>A configuration that was checked as far as can be.</summary>
    /// <param name="Configuration">Checked.</param>
    /// <param name="Model">Verified; null when the model's settings are the same.</param>
    /// <param name="Stamp">Of the model's place before it was read.</param>
    private sealed record Prepared(ServiceConfiguration Configuration, ReadyModel? Model, PackageStamp Stamp);
}
