using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Heat;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// A camera, a network, rules and outputs, for years. One thread takes frames from the camera and carries each through to the outputs;
/// whatever takes time (configurations, models, levels) is prepared on another and taken over between two frames. Nothing that goes wrong
/// outside ends it: a camera that is gone, a model or configuration that is bad, an output without its peer are said, counted and tried again.
/// </summary>
internal sealed partial class EdgeService : IWatched, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200); // of one wait for a frame
    private static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly ServiceEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly BackgroundWork _work;
    private readonly ServiceCounters _counters = new();
    private readonly TimeSpan _started;
    private readonly LastGoodModel _lastGood;
    private readonly ModelLoader _loader;
    private readonly OutputSet _outputs;
    private readonly string _stateFolder;
    private readonly Lock _published = new(); // around what other threads see
    private ServiceConfiguration _configuration;
    private CameraSupervisor _camera;
    private ReadyModel _model;
    private ModelRunner _runner;
    private FrameResult _result;
    private RuleEngine _rules;
    private Scheduler _scheduler;
    private MachineState _machine;
    private IDisposable? _watch;
    private OtlpPush? _telemetry;
    private volatile string _state = "starting";
    private TimeSpan _kept; // last housekeeping
    private long _phase; // frames since the gear changed
    private FrozenPicture _frozen;
    private bool _isAnswering; // the last frame that was tried was answered
    private volatile bool _isStopping;
    private bool _ended;
    private bool _isDisposed;

    /// <summary>Reads the configuration, verifies the model, opens outputs and camera.</summary>
    /// <param name="path">Of the configuration.</param>
    /// <param name="environment">Around it.</param>
    /// <exception cref="EdgeException">Exit 3, 4 or 5: it can never work as configured.</exception>
    public EdgeService(string path, ServiceEnvironment environment)
        : this(path, environment, null, null)
    {
    }

    private EdgeService(string path, ServiceEnvironment environment, string? copy, string? trouble)
    {
        (_path, _environment, _time, _log) = (path, environment, environment.Time, environment.Log);
        _started = _time.Now();
        _configurationStamp = PackageStamp.Of(path);
        (_configuration, _configurationTrouble) = (ServiceConfiguration.Read(copy ?? path), trouble);
        _stateFolder = StateFolder(_configuration);
        _lastGood = new LastGoodModel(_stateFolder);
        _loader = new ModelLoader(_guard = ModelVersionGuard.Open(_stateFolder), environment.Memory);
        _work = new BackgroundWork(() => _camera?.Wake(), _time, _log);
        _outputs = new OutputSet(new SinkContext(_time, _log, _stateFolder));
        _liveness = new Liveness(_time, environment.Asleep);
        (_camera, _frozen) = (NewCamera(_configuration.Camera), new FrozenPicture(_configuration.Camera.Frozen));
        try
        {
            _configuration.Telemetry.Require();
            _machine = environment.Sensors.Read();
            _model = LoadFirst();
            _runner = _model.Runner;
            _result = new FrameResult(_runner.Task.NewResult());
            _rules = new RuleEngine(_configuration.Rules, _runner.Task);
            _scheduler = new Scheduler(_configuration.Budget, _model.Package.Levels, _time.Now());
            _outputs.Open(_configuration.Outputs);
            _camera.OpenFirst();
            _watch = StartWatch(_configuration.Watch);
            _telemetry = StartTelemetry(_configuration.Telemetry);
            if (copy is null) KeepConfiguration();
            StartLookout();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs until it is stopped, or until a camera that is a file ends.</summary>
    public void Run()
    {
        _environment.Notifier.Ready(StatusLine());
        _log.Notice("service started", ("model", _model.Package.Name), ("engine", _runner.Engine.Name), ("camera", _configuration.Camera.Request.Device), ("configuration", _path));
        while (!_isStopping && !_ended) Step();
        _state = "stopping";
        _environment.Notifier.Stopping(_isStopping ? "stopping" : "the camera's file ended");
        Blind("stopped");
        if (_trialFrames > 0) _lastGood.EndTrial(); // it did not end by itself
        _log.Notice("service stopped", ("frames", _counters.Frames));
    }

    /// <summary>Ends <see cref="Run"/> soon; from any thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        _camera.Wake();
    }

    /// <summary>One turn of the loop: at most one frame.</summary>
    internal void Step()
    {
        _work.Take();
        switch (_camera.Next(Patience, out var frame))
        {
            case CameraStep.Frame:
                FrameUse use;
                try
                {
                    use = Take(frame);
                }
                finally
                {
                    _camera.Release(frame);
                }

                if (use is FrameUse.Answered) _camera.Answered(_result.Preprocess + _result.Infer);
                if (use is not FrameUse.LeftOut) _isAnswering = use is FrameUse.Answered;
                if (_isAnswering) _environment.Notifier.Feed();
                break;
            case CameraStep.Absent:
                Blind("blind");
                _environment.Notifier.Feed(); // the driver gave an answer; a restart would find no camera either
                break;
            case CameraStep.Lost:
                Blind("blind");
                break;
            case CameraStep.Ended:
                _ended = true;
                break;
            default:
                break; // quiet: not fed, so that a camera which opens and never gives a frame gets a fresh process in the end
        }

        var now = _time.Now();
        if (now - _kept < Housekeeping) return;
        _kept = now;
        _log.Settle();
        KeepHouse(now);
    }

    /// <summary>Waits until what was begun aside is done and taken, and what was begun by that.</summary>
    internal void WaitForWork()
    {
        do _work.WaitIdle();
        while (_work.Take());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _lookout?.Dispose();
        _watch?.Dispose();
        _telemetry?.Dispose();
        _work.Dispose();
        _outputs.Dispose();
        _camera.Dispose();
        Discard(_rollback);
        _runner?.Dispose();
        _model?.Dispose();
        _result?.Dispose();
        _tap.Dispose();
    }

    private FrameUse Take(in Frame frame)
    {
        var (now, stall) = (_time.Now(), _configuration.Camera.Stall);
        if (now - frame.Time >= stall) return Unusable("it is older than stall_timeout_s");
        // Not so many are left out that the rules would hear of none.
        if (_phase++ % _scheduler.Gear.Divisor != 0 && _liveness.Age < stall / 2)
        {
            _counters.Skipped++;
            return FrameUse.LeftOut;
        }

        if (_tap.IsWanted) _tap.Copy(frame);
        if (_frozen.IsFrozen(frame, now)) return Unusable("the picture has been the same, bit for bit, for frozen_timeout_s");
        if (!TryRun(frame)) return FrameUse.Unusable;
        (_result.Frame, _result.Sequence, _result.Source, _result.CameraTime) = (_counters.Frames + 1, frame.Sequence, frame.Name, frame.Time);
        (_result.DoneTime, _result.Time) = (_time.Now(), _time.GetUtcNow());
        _result.Changed();
        _counters.Add(_result);
        lock (_deciding)
        {
            _outputs.Accept(_result);
            foreach (ref readonly var change in _rules.Update(_result)) Tell(change);
            if (_state != "running") See();
        }

        _lastAnswer.Keep(_result.Answer);
        if (_scheduler.Frame(_result.EndToEnd, _result.DoneTime) is { } why) Shift(why);
        if (_trialFrames > 0 && --_trialFrames == 0) EndTrial();
        return FrameUse.Answered;
    }

    private void KeepHouse(TimeSpan now)
    {
        _machine = _environment.Sensors.Read();
        if (_scheduler.Feel(_machine, now) is { } why) Shift(why);
        _environment.Notifier.Status(StatusLine());
        Look();
    }

    /// <summary>The scheduler changed gear: the level is loaded aside and taken when it is ready, the divisor holds at once.</summary>
    private void Shift(string why)
    {
        _phase = 0;
        _log.Notice("gear changed", ("gear", _scheduler.Gear), ("reason", why), ("steps_down", _scheduler.StepsDown), ("steps_up", _scheduler.StepsUp));
        LoadLevel();
    }

    private CameraSupervisor NewCamera(CameraSettings settings) => new(settings, _environment.OpenCamera, _liveness, _time, _log);

    private string StateFolder(ServiceConfiguration configuration)
    {
        string folder = configuration.StateFolder ?? _environment.StateFolder
            ?? throw EdgeException.BadInput($"{_path}: 'state_folder' is missing, and no service manager gave one (StateDirectory)");
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.Unavailable($"{folder}: the state folder cannot be made: {e.Message}", e);
        }
    }
}
