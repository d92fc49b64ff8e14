using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Pacing;
using ResNetEdge.Service.Timing;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// What belongs to one camera of a service: the camera, what became of its frames, and its rules. Its frame thread holds <see cref="Turn"/> while it
/// has a frame in hand; whoever exchanges what frames are run with holds the turns of all (<see cref="ServiceState.BetweenFrames"/>).
/// </summary>
internal sealed class CameraStream : IDisposable
{
    /// <summary>What is wrong with a camera whose frame thread stands still.</summary>
    public const string WhyStuck = "the camera's driver does not answer";

    private readonly Func<CameraSettings, Liveness, CameraSupervisor> _newCamera;
    private volatile CameraSettings _settings;
    private volatile CameraSupervisor _camera;
    private volatile FrameUse _lastTried = FrameUse.Unusable;
    private volatile bool _isAbsent, _hasEnded, _isStuck;
    private CameraSupervisor? _next; // exchanged by both threads
    private long _beats;

    /// <summary>Makes what belongs to a camera; nothing is opened yet.</summary>
    /// <param name="index">Its place in the configuration, from 0.</param>
    /// <param name="settings">Of the camera.</param>
    /// <param name="liveness">Of its frames.</param>
    /// <param name="decisions">Its rules.</param>
    /// <param name="task">Of the model.</param>
    /// <param name="newCamera">Makes a camera by its settings, not yet open.</param>
    public CameraStream(
        int index, CameraSettings settings, Liveness liveness, Decisions decisions, ModelTask task,
        Func<CameraSettings, Liveness, CameraSupervisor> newCamera)
    {
        (Index, _settings, Liveness, Decisions, _newCamera) = (index, settings, liveness, decisions, newCamera);
        _camera = newCamera(settings, liveness);
        Result = NewResult(task);
    }

    /// <summary>Its place in the configuration, from 0, and so that of its runner.</summary>
    public int Index { get; }

    /// <summary>Of the configuration; null: the service's one camera has none.</summary>
    public string? Name => _settings.Name;

    /// <summary>Held by the frame thread while it has a frame in hand.</summary>
    public Lock Turn { get; } = new();

    /// <summary>Of the camera, as they were taken over last.</summary>
    public CameraSettings Settings => _settings;

    /// <summary>For the frame thread; its counts and its state for any.</summary>
    public CameraSupervisor Camera => _camera;

    /// <summary>When a frame was answered last.</summary>
    public Liveness Liveness { get; }

    /// <summary>Its rules, and what outputs are told of them.</summary>
    public Decisions Decisions { get; }

    /// <summary>With room for the model's classes; for the frame thread alone.</summary>
    public FrameResult Result { get; private set; }

    /// <summary>What became of its frames.</summary>
    public FrameCounters Counters { get; } = new();

    /// <summary>What became of looks.</summary>
    public LookCounters Looks { get; } = new();

    /// <summary>The answer to the last frame; the frame thread keeps it, any thread copies it.</summary>
    public LastAnswer LastAnswer { get; } = new();

    /// <summary>Gives frames to whoever watches.</summary>
    public PictureTap Tap { get; } = new();

    /// <summary>Which frames the operating point leaves out; for the frame thread.</summary>
    public SkippedFrames Skipped { get; } = new();

    /// <summary>What became of the last frame that was not left out.</summary>
    public FrameUse LastTried
    {
        get => _lastTried;
        set => _lastTried = value;
    }

    /// <summary>There is no camera: the driver gave an answer, and a restart would find none either.</summary>
    public bool IsAbsent
    {
        get => _isAbsent;
        set => _isAbsent = value;
    }

    /// <summary>The frame thread stands still somewhere, though somebody may ask for a look.</summary>
    public bool IsStuck
    {
        get => _isStuck;
        set => _isStuck = value;
    }

    /// <summary>The camera was a file and gave its last frame.</summary>
    public bool HasEnded
    {
        get => _hasEnded;
        set => _hasEnded = value;
    }

    /// <summary>How often the frame thread did what the watchdog waits for: answered a frame, or found that there is no camera.</summary>
    public long Beats => Volatile.Read(ref _beats);

    /// <summary>Whether frames flow, as health says it.</summary>
    public bool IsHealthy => Decisions.Phase is ServicePhase.Asleep
        ? Camera.Trouble is null && !IsStuck : Decisions.Phase is ServicePhase.Running && !Liveness.IsOverdue(Settings.Stall);

    /// <summary>What is wrong with it, one sentence; null: nothing.</summary>
    public string? Trouble => HasEnded && Name is not null ? "its file ended" // one camera ends the service
        : Camera.Trouble ?? (IsStuck ? WhyStuck
            : Decisions.Phase is ServicePhase.Blind ? Decisions.Standstill ?? "no frames are arriving from the camera" : null);

    /// <summary>The frame thread did what the watchdog waits for.</summary>
    public void Beat() => Volatile.Write(ref _beats, _beats + 1);

    /// <summary>Has the camera exchanged for another by the frame thread, which alone may close it. Service thread.</summary>
    public void Exchange(CameraSettings settings)
    {
        _settings = settings;
        Interlocked.Exchange(ref _next, _newCamera(settings, Liveness))?.Dispose();
        _camera.Wake();
    }

    /// <summary>Exchanges the camera if that was asked for. Frame thread, without a frame in hand.</summary>
    public void TakeExchanged()
    {
        if (Interlocked.Exchange(ref _next, null) is not { } next) return;
        var before = _camera;
        (_camera, _hasEnded) = (next, false);
        before.Dispose();
    }

    /// <summary>Makes room for the results of another model. Between two frames.</summary>
    public void Fit(ModelTask task)
    {
        var before = Result;
        Result = NewResult(task);
        before.Dispose();
    }

    /// <summary>Closes the camera; after its frame thread has ended.</summary>
    public void Dispose()
    {
        _camera.Dispose();
        _next?.Dispose();
        Result.Dispose();
        Tap.Dispose();
    }

    private FrameResult NewResult(ModelTask task) => new(task.NewResult()) { Camera = Name };
}
