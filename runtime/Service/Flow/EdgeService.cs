using ResNetEdge.Device;
using ResNetEdge.Service.Arming;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Pacing;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;
using ResNetEdge.Service.Triggers;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// A camera, a network, rules and outputs, for years: puts the objects together that do the work, and runs them. One thread, that of
/// <see cref="Run"/>, takes frames from the camera and carries each through to the outputs; whatever takes time (configurations, models, levels)
/// is prepared on another and taken over between two frames. Nothing that goes wrong outside ends it: a camera that is gone, a model or
/// configuration that is bad, an output without its peer are logged, counted and tried again.
/// </summary>
internal sealed class EdgeService : IWatched, IDisposable
{
    private readonly string _path;
    private readonly ServiceEnvironment _environment;
    private readonly BackgroundWork _work;
    private readonly OutputSet _outputs;
    private readonly PictureTap _tap = new();
    private readonly PictureDesk _pictures;
    private readonly ServiceState _state;
    private readonly Decisions _decisions;
    private readonly StatusLine _status;
    private readonly ServiceView _view;
    private readonly StandstillWatch _standstill;
    private readonly ModelUpdates _models;
    private readonly Reporting _reporting;
    private readonly Reloads _reloads;
    private readonly FrameLoop _frames;
    private readonly LookQueue _asked;
    private readonly Looks _looks;
    private readonly TriggerSet _triggers;
    private readonly ArmingSet _arming;
    private readonly Housekeeping _housekeeping;
    private volatile bool _isStopRequested;
    private bool _isDisposed;

    /// <summary>Reads the configuration, verifies the model, opens outputs and camera.</summary>
    /// <param name="path">Of the configuration.</param>
    /// <param name="environment">Around it.</param>
    /// <param name="copy">Of the configuration that was taken over last, to run in its place; null: the file itself.</param>
    /// <param name="trouble">Why the copy runs.</param>
    /// <exception cref="EdgeException">Exit 3, 4 or 5: it can never work as configured.</exception>
    private EdgeService(string path, ServiceEnvironment environment, string? copy = null, string? trouble = null)
    {
        (_path, _environment) = (path, environment);
        var (time, log) = (environment.Time, environment.Log);
        var started = time.Now();
        var stamp = PackageStamp.Of(path);
        var configuration = ServiceConfiguration.Read(copy ?? path);
        string stateFolder = StateFolder.Make(path, configuration.StateFolder ?? environment.StateFolder);
        var guard = ModelVersionGuard.Open(stateFolder);
        var packages = new ModelLoader(guard, environment.Memory);
        var lastGood = new LastGoodModel(stateFolder);
        var loader = new TrialLoader((settings, package) => environment.Load(packages, settings, package), lastGood, guard, log);
        var liveness = new Liveness(time, environment.Asleep);
        _work = new BackgroundWork(() => _state?.Parts.Camera.Wake(), time, log);
        _asked = new LookQueue(() => _state?.Parts.Camera.Wake());
        _triggers = new TriggerSet(new TriggerContext(time, log, _asked));
        _arming = new ArmingSet(new RuleConditions(time), time, log);
        _pictures = new PictureDesk(log);
        _outputs = new OutputSet(
            new SinkContext(time, log, stateFolder) { Celsius = () => _state?.Machine.Hottest?.Celsius, Pictures = _pictures });
        try
        {
            configuration.Telemetry.Require();
            var machine = environment.Sensors.Read();
            // With no other configuration to start with, the copy of the last good model runs with the rules that fit it.
            bool isLastResort = copy is not null || LastGoodConfiguration.CopyFor(path, environment.StateFolder) is null;
            var first = FirstModel.Load(configuration, isLastResort ? [] : configuration.Rules, loader, _work, environment);
            var (model, runner) = (first.Model, first.Model.Runner);
            var scheduler = new Scheduler(configuration.Budget, model.Package.Levels, time.Now());
            var parts = new ServiceParts(configuration, NewCamera(configuration.Camera), model, new FrameResult(runner.Task.NewResult()), scheduler);
            _state = new ServiceState(parts, machine)
            {
                ConfigurationTrouble = trouble,
                ModelTrouble = first.Trouble,
            };
            if (first.Trouble is not null) _state.Counters.ModelUpdatesRefused++;
            _decisions = new Decisions(new RuleEngine([], runner.Task) { Conditions = _arming.Conditions }, _outputs, time, log);
            _decisions.Bind(configuration.Rules, runner);
            _status = new StatusLine(_state, _decisions, environment.Notifier, time);
            _view = new ServiceView(_state, _decisions, _outputs, liveness, _status, _tap, stateFolder, started, environment);
            _standstill = new StandstillWatch(liveness, _decisions, _status, time);
            _reporting = new Reporting(path, environment, _view);
            var levels = new LevelChanges(_state, _work, time, log);
            _models = new ModelUpdates(_state, _decisions, levels, _work, loader, _status, first, environment);
            var preparation = new ConfigurationPreparation(path, environment, loader, _decisions);
            var takeover = new ConfigurationTakeover(_state, _decisions, _models, levels, _reporting, _standstill, _triggers, _arming, NewCamera);
            _reloads = new Reloads(path, stamp, _state, preparation, takeover, _work, _status, environment);
            _looks = new Looks(_state, _decisions, _asked, liveness, _status, environment);
            _frames = new FrameLoop(_state, _decisions, _models, _looks, levels, liveness, _tap, _pictures, _status, environment);
            _housekeeping = new Housekeeping(path, _state, levels, _reloads, _models, _work, _status, environment);

            _outputs.Open(configuration.Outputs);
            _state.Parts.Camera.OpenFirst();
            _reporting.Start(configuration);
            if (copy is null) _reloads.KeepCopy();
            _standstill.Start(configuration.Camera.Stall);
            _triggers.Open(configuration.Triggers);
            _arming.Open(configuration.Rules, configuration.Outputs);
        }
        catch
        {
            Dispose();
            throw;
        }

        CameraSupervisor NewCamera(CameraSettings settings) => new(settings, environment.OpenCamera, liveness, time, log);
    }

    /// <summary>Starts with the configuration; with the copy of the last one that was taken over, where the file cannot be used.</summary>
    /// <param name="path">Of the configuration.</param>
    /// <param name="environment">Around it.</param>
    /// <exception cref="EdgeException">Exit 3, 4 or 5: there is no copy, or it is the same, or cannot be used either.</exception>
    public static EdgeService Start(string path, ServiceEnvironment environment)
    {
        try
        {
            return new EdgeService(path, environment);
        }
        catch (Exception e) when (LastGoodConfiguration.CopyFor(path, environment.StateFolder) is { } copy)
        {
            if (e is not EdgeException) environment.Log.Error("a defect in this program; please report it", ("defect", e));
            foreach (string line in e.Message.Split('\n'))
                environment.Log.Error("the configuration cannot be used; running the last valid one", ("reason", line), ("copy", copy));
            return new EdgeService(path, environment, copy, e.Message);
        }
    }

    /// <summary>Runs until it is stopped, or until a camera that is a file ends. The calling thread is the frame thread.</summary>
    public void Run()
    {
        _environment.Notifier.Ready(_status.Text);
        var (model, log) = (_state.Parts.Model, _environment.Log);
        log.Notice(
            "service started",
            ("model", model.Package.Name), ("engine", model.Runner.Engine.Name), ("camera", _state.Parts.Configuration.Camera.Request.Device),
            ("configuration", _path));
        model.LogNotes(log);
        while (!_isStopRequested && !_frames.HasEnded) Step();
        _environment.Notifier.Stopping(_isStopRequested ? "stopping" : "the camera's file ended");
        _decisions.Stop();
        _status.Send();
        _models.Stop();
        log.Notice("service stopped", ("frames", _state.Counters.Frames));
    }

    /// <summary>Ends <see cref="Run"/> soon; from any thread.</summary>
    public void Stop()
    {
        _isStopRequested = true;
        _state.Parts.Camera.Wake();
    }

    /// <summary>Reads the configuration again soon, changed or not; from any thread.</summary>
    public void Reload()
    {
        _reloads.Request();
        _state.Parts.Camera.Wake();
    }

    /// <inheritdoc/>
    public ServiceSnapshot Snapshot() => _view.Snapshot();

    /// <inheritdoc/>
    public Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(CancellationToken ct) => _view.PictureAsync(ct);

    /// <summary>One turn of the loop: at most one frame. For the frame thread.</summary>
    internal void Step()
    {
        _work.HandOver();
        if (_looks.BeginOrSleep())
        {
            _frames.Step();
            _looks.EndIfLate();
        }

        _housekeeping.DoWhenDue();
    }

    /// <summary>Waits until what was begun in the background is done and taken over, and what was begun by that. For the frame thread.</summary>
    internal void WaitForWork()
    {
        do _work.WaitIdle();
        while (_work.HandOver());
    }

    /// <summary>Closes everything; after <see cref="Run"/>, or when the start failed half-way.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _triggers.Dispose();
        _arming.Dispose();
        _standstill?.Dispose();
        _reporting?.Dispose();
        _work.Dispose();
        _outputs.Dispose();
        _pictures.Dispose();
        _state?.Parts.Camera.Dispose();
        _models?.Dispose();
        _state?.Parts.Model.Dispose();
        _state?.Parts.Result.Dispose();
        _tap.Dispose();
    }
}
