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
/// Cameras, a network, rules and outputs, for years: puts the objects together that do the work, and runs them. With one camera the thread of
/// <see cref="Run"/> is service thread and frame thread: it takes frames from the camera and carries each through to the outputs. With several each
/// has a frame thread of its own (<see cref="FrameThreads"/>), and the service thread does the rest. Whatever takes time (configurations, models,
/// levels) is prepared on another and taken over between two frames. Nothing that goes wrong outside ends it: a camera that is gone, a model or
/// configuration that is bad, an output without its peer are logged, counted and tried again.
/// </summary>
internal sealed class EdgeService : IWatched, IDisposable
{
    private readonly string _path;
    private readonly ServiceEnvironment _environment;
    private readonly BackgroundWork _work;
    private readonly OutputSet _outputs;
    private readonly HistoryKeeper _history;
    private readonly PictureDesk _pictures;
    private readonly ServiceState _state;
    private readonly StatusLine _status;
    private readonly ServiceView _view;
    private readonly StandstillWatch _standstill;
    private readonly ModelUpdates _models;
    private readonly Reporting _reporting;
    private readonly Reloads _reloads;
    private readonly FrameLoop[] _frames; // a camera's each
    private readonly Looks[] _looks; // a camera's each
    private readonly TriggerSet _triggers;
    private readonly ArmingSet _arming;
    private readonly Housekeeping _housekeeping;
    private readonly Heartbeat _heartbeat;
    private readonly Action<Action> _between;
    private readonly ManualResetEventSlim _wake = new();
    private volatile bool _isStopRequested;
    private bool _isDisposed, _isLeftBehind;

    /// <summary>Reads the configuration, verifies the model, opens outputs and cameras.</summary>
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
        _work = new BackgroundWork(Wake, time, log);
        var asked = new LookQueue(Wake, configuration.CameraNames);
        _triggers = new TriggerSet(new TriggerContext(time, log, asked));
        _arming = new ArmingSet(new RuleConditions(time), time, log);
        _pictures = new PictureDesk(log, configuration.CameraNames);
        var history = new EventHistory();
        _history = new HistoryKeeper(history, stateFolder, _work, environment);
        _outputs = new OutputSet(
            new SinkContext(time, log, stateFolder) { Celsius = () => _state?.Machine.Hottest?.Celsius, Pictures = _pictures }, history);
        try
        {
            configuration.Telemetry.Require();
            _history.Load();
            var machine = environment.Sensors.Read();
            // With no other configuration to start with, the copy of the last good model runs with the rules that fit it.
            bool isLastResort = copy is not null || LastGoodConfiguration.CopyFor(path, environment.StateFolder) is null;
            var first = FirstModel.Load(configuration, isLastResort ? [] : configuration.Rules, loader, _work, environment);
            var parts = new ServiceParts(configuration, first.Model, new Scheduler(configuration.Budget, first.Model.Package.Levels, time.Now()));
            _state = new ServiceState(parts, [.. configuration.Cameras.Select((camera, index) => NewStream(index, camera, first.Model))], machine)
            {
                ConfigurationTrouble = trouble,
                ModelTrouble = first.Trouble,
            };
            _between = _state.BetweenFrames;
            if (first.Trouble is not null) _state.Counters.ModelUpdatesRefused++;
            foreach (var stream in _state.Streams) stream.Decisions.Bind(configuration.Rules, first.Model.Runners[stream.Index]);
            _status = new StatusLine(_state, environment.Notifier, time);
            _view = new ServiceView(_state, _outputs, history, _status, stateFolder, started, environment);
            _standstill = new StandstillWatch(_state.Streams, _status, time);
            _reporting = new Reporting(path, environment, _view);
            var levels = new LevelChanges(_state, _work, time, log);
            _models = new ModelUpdates(_state, levels, _work, loader, _status, first, environment);
            var preparation = new ConfigurationPreparation(path, environment, loader, _state.Streams);
            var takeover = new ConfigurationTakeover(_state, _models, levels, _reporting, _standstill, _triggers, _arming);
            _reloads = new Reloads(path, stamp, _state, preparation, takeover, _work, _status, environment);
            _looks = [.. _state.Streams.Select(stream => new Looks(_state, stream, asked, _status, environment, log.For(stream.Name)))];
            _frames = [.. _state.Streams.Select(stream =>
                new FrameLoop(
                    stream, _state, _models, _looks[stream.Index], levels, _work, _pictures, _status, environment, log.For(stream.Name)))];
            _heartbeat = new Heartbeat(_state.Streams, environment.Notifier);
            var compared = new ComparedLevels(_state, _work, log);
            _housekeeping = new Housekeeping(path, _state, levels, compared, _reloads, _models, _history, _work, _status, environment);

            _outputs.Open(configuration.Outputs);
            foreach (var stream in _state.Streams) stream.Camera.OpenFirst();
            _reporting.Start(configuration);
            if (copy is null) _reloads.KeepCopy();
            foreach (var stream in _state.Streams) _standstill.Start(stream);
            _triggers.Open(configuration.Triggers);
            _arming.Open(configuration.Rules, configuration.Outputs);
        }
        catch
        {
            Dispose();
            throw;
        }

        CameraStream NewStream(int index, CameraSettings settings, ReadyModel model)
        {
            var (ownLog, task) = (log.For(settings.Name), model.Runners[index].Task);
            var decisions = new Decisions(new RuleEngine([], task) { Conditions = _arming.Conditions }, _outputs, time, ownLog, settings.Name);
            return new CameraStream(index, settings, new Liveness(time, environment.Asleep), decisions, task,
                (next, liveness) => new CameraSupervisor(next, environment.OpenCamera, liveness, time, ownLog));
        }
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

    /// <inheritdoc/>
    public IReadOnlyList<string> CameraNames => _view.CameraNames;

    /// <summary>Runs until it is stopped, or until its cameras are files and all have ended. The calling thread is the service thread.</summary>
    public void Run()
    {
        _environment.Notifier.Ready(_status.Text);
        var (parts, log) = (_state.Parts, _environment.Log);
        var model = parts.Model;
        var cameras = parts.Configuration.Cameras;
        log.Notice(
            "service started", ("model", model.Package.Name), ("engine", model.Runner.Engine.Name),
            cameras is [{ Name: null } only] ? ("camera", only.Request.Device) : ("cameras", string.Join(", ", cameras.Select(c => c.Name))),
            ("configuration", _path));
        model.LogNotes(log);
        if (_frames.Length > 1) RunSeveral();
        else while (!_isStopRequested && !_state.Streams[0].HasEnded) Step();
        _environment.Notifier.Stopping(_isStopRequested ? "stopping" : _frames.Length > 1 ? "the cameras' files ended" : "the camera's file ended");
        foreach (var stream in _state.Streams) stream.Decisions.Stop();
        _status.Send();
        _models.Stop();
        _history.SaveNow();
        log.Notice("service stopped", ("frames", _state.Streams.Sum(s => s.Counters.Frames)));
    }

    /// <summary>Ends <see cref="Run"/> soon; from any thread.</summary>
    public void Stop()
    {
        _isStopRequested = true;
        Wake();
    }

    /// <summary>Reads the configuration again soon, changed or not; from any thread.</summary>
    public void Reload()
    {
        _reloads.Request();
        Wake();
    }

    /// <inheritdoc/>
    public ServiceSnapshot Snapshot() => _view.Snapshot();

    /// <inheritdoc/>
    public Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(int camera, CancellationToken ct) => _view.PictureAsync(camera, ct);

    /// <inheritdoc/>
    public byte[] HistoryJson() => _view.HistoryJson();

    /// <summary>One turn of the loop: at most one frame of each camera, on this thread. For a service of one camera, and for tests.</summary>
    internal void Step()
    {
        _work.HandOver(_between);
        foreach (var frames in _frames) frames.Step();
        DoTheRest();
    }

    /// <summary>Waits until what was begun in the background is done and taken over, and what was begun by that. For the service thread.</summary>
    internal void WaitForWork()
    {
        do _work.WaitIdle();
        while (_work.HandOver(_between));
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
        _wake.Dispose();
        if (_isLeftBehind) return; // with the process: a thread that hangs still holds them
        _pictures.Dispose();
        foreach (var frames in _frames ?? []) frames.Dispose();
        foreach (var stream in _state?.Streams ?? []) stream.Dispose();
        _models?.Dispose();
        _state?.Parts.Compared?.Dispose();
        _state?.Parts.Model.Dispose();
    }

    private void RunSeveral()
    {
        var threads = new FrameThreads(_state.Streams, _frames, Wake, _environment.Log);
        threads.Start();
        try
        {
            while (!_isStopRequested && !threads.HaveEnded)
            {
                threads.ThrowIfAnyDied();
                _work.HandOver(_between);
                foreach (var looks in _looks) looks.EndIfStuck();
                DoTheRest();
                _environment.Time.Wait(_wake, _status.Phase is ServicePhase.Asleep ? Looks.LongestSleep : FrameLoop.LongestWait);
                _wake.Reset(); // what is posted from here on is handed over in the next turn
            }
        }
        finally
        {
            _isLeftBehind = !threads.End();
        }

        threads.ThrowIfAnyDied();
    }

    private void DoTheRest()
    {
        _heartbeat.Feed();
        _work.HandOver(_between); // what the frames of this turn have changed
        _housekeeping.DoWhenDue();
    }

    // Waits for an absent camera, and the service thread's own.
    private void Wake()
    {
        foreach (var stream in _state?.Streams ?? []) stream.Camera.Wake();
        if (!_isDisposed) _wake.Set();
    }
}
