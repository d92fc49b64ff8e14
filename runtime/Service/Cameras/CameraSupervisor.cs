using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Cameras;

/// <summary>
/// Keeps a camera open: opens it, gives its frames, closes it when it fails or falls silent, and tries again with growing waits for ever.
/// Says each change once. For the frame thread.
/// </summary>
/// <param name="settings">What to open and how patient to be.</param>
/// <param name="open">Opens it; <see cref="CameraTable.Open"/>.</param>
/// <param name="liveness">When a frame was answered last: a camera whose frames come and cannot be used is as blind as a silent one.</param>
/// <param name="time">Of waits and silence.</param>
/// <param name="log">For people.</param>
internal sealed class CameraSupervisor(
    CameraSettings settings, Func<CameraRequest, ICamera> open, Liveness liveness, TimeProvider time, Log log) : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private readonly Backoff _backoff = new(FirstWait, settings.LongestWait);
    private readonly ManualResetEventSlim _wake = new();
    private ICamera? _camera;
    private TimeSpan _due = TimeSpan.MinValue; // of the next try
    private string? _said; // the last complaint, so that it is said once
    private bool _gaveFrames; // that were answered, since it was opened
    private long _unusable; // frames in a row
    private string? _whyNot; // of the last of them
    private CameraMode? _logged; // mode
    private string? _warned; // the camera's last complaint
    private string? _lost; // why it was closed, until a frame is answered again
    private (long Dropped, long Damaged) _closed; // of cameras closed since

    /// <summary>Tells when its picture stands still.</summary>
    public FrozenPicture Frozen { get; } = new(settings.Frozen);

    /// <summary>What the camera answered; null while there is none.</summary>
    public CameraMode? Mode => _camera?.Mode;

    /// <summary>Frames dropped or lost, over all openings.</summary>
    public long Dropped => _closed.Dropped + (_camera?.Dropped ?? 0);

    /// <summary>Damaged frames, over all openings.</summary>
    public long Damaged => _closed.Damaged + (_camera?.Damaged ?? 0);

    /// <summary>Times that an open camera failed or was silent too long.</summary>
    public long Failures { get; private set; }

    /// <summary>Why there is no camera, or why the one before was given up, until a frame is answered; else null.</summary>
    public string? Trouble => _camera is null ? _said : _lost;

    /// <summary>Opens now, so that a configuration that can never work is refused at the start.</summary>
    /// <exception cref="EdgeException">Exit 3: the configuration can never work with this camera.</exception>
    public void OpenFirst()
    {
        try
        {
            Opened(open(settings.Request));
        }
        catch (Exception e) when (e is CameraException or EdgeException { Kind: not FailureKind.BadInput })
        {
            Refused(e);
        }
    }

    /// <summary>
    /// One step: a frame, or why there is none. Returns within about the time given; <see cref="Wake"/> ends a wait for an absent camera.
    /// </summary>
    public CameraStep Next(TimeSpan timeout, out Frame frame)
    {
        frame = default;
        if (_camera is null && !TryOpen(timeout)) return CameraStep.Absent;
        try
        {
            var signal = _camera!.Wait(timeout, out frame);
            if (!ReferenceEquals(_camera.Mode, _logged) || !ReferenceEquals(_camera.Warning, _warned)) LogChange(_camera);
            if (signal is CameraSignal.Ended) return CameraStep.Ended;
            if (liveness.Age is var age && age < settings.Stall) return signal is CameraSignal.Frame ? CameraStep.Frame : CameraStep.Quiet;
            bool isFrame = signal is CameraSignal.Frame;
            if (isFrame) _camera.Release(frame);
            frame = default;
            return Lose(_unusable > 0
                ? $"none of {_unusable} frames could be used for {age.TotalSeconds:F1} s; the last: {_whyNot}"
                : $"no frame for {age.TotalSeconds:F1} s and no error: "
                    + $"{(isFrame ? "the program or the machine stood still" : "the driver or the camera is stuck")}");
        }
        catch (CameraException e)
        {
            return Lose(e.Message);
        }
    }

    /// <summary>Nobody wants frames: closes the camera and waits; <see cref="Wake"/> ends the wait.</summary>
    /// <param name="most">Longest wait.</param>
    public void Rest(TimeSpan most)
    {
        Close();
        _due = TimeSpan.MinValue; // who asks next is not to wait for the next try
        time.Wait(_wake, most);
        _wake.Reset();
    }

    /// <summary>Gives a frame back.</summary>
    public void Release(in Frame frame) => _camera?.Release(frame);

    /// <summary>The frame was run and the rules know of it; without this for the stall time the camera is given up.</summary>
    /// <param name="work">That it took.</param>
    public void Answered(TimeSpan work)
    {
        liveness.Answered(work);
        if (!_gaveFrames) _backoff.Reset();
        (_gaveFrames, _unusable, _lost) = (true, 0, null);
    }

    /// <summary>The frame could not be used.</summary>
    public void Unusable(string whyNot) => (_unusable, _whyNot) = (_unusable + 1, whyNot);

    /// <summary>Ends a wait at once; from any thread.</summary>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _wake.Dispose();
    }

    /// <summary>Opens the camera when that is due, or waits for it to be.</summary>
    private bool TryOpen(TimeSpan timeout)
    {
        var wait = _due == TimeSpan.MinValue ? TimeSpan.Zero : _due - time.Now();
        if (wait > TimeSpan.Zero)
        {
            time.Wait(_wake, wait < timeout ? wait : timeout);
            _wake.Reset();
            return false;
        }

        try
        {
            Opened(open(settings.Request));
            return true;
        }
        catch (Exception e) when (e is CameraException or EdgeException)
        {
            Refused(e);
            return false;
        }
    }

    private void Opened(ICamera camera)
    {
        liveness.Begin();
        (_camera, _gaveFrames, _said, _unusable) = (camera, false, null, 0);
        _warned = null;
        LogMode("camera open", camera.Mode);
    }

    /// <summary>A stream says only with its frames what they are, and may change it.</summary>
    private void LogChange(ICamera camera)
    {
        var (mode, warning) = (camera.Mode, camera.Warning);
        if (mode != _logged) LogMode("camera mode", mode);
        if (warning is not null && warning != _warned) log.Warning("the camera complains", ("reason", warning));
        (_logged, _warned) = (mode, warning);
    }

    private void LogMode(string what, CameraMode mode)
    {
        _logged = mode;
        log.Notice(what, (settings.Name is null ? "camera" : "device", mode.Name), ("format", mode.Format), ("size", $"{mode.Width}x{mode.Height}"),
            ("frames_per_second", mode.FramesPerSecond));
    }

    private void Refused(Exception e)
    {
        var wait = _backoff.Next();
        _due = time.Now() + wait;
        if (e.Message == _said) return;
        _said = e.Message;
        log.Warning("no camera; trying again until there is one", ("reason", e.Message), ("next_try_s", wait.TotalSeconds));
    }

    private CameraStep Lose(string reason)
    {
        Failures++;
        log.Warning("camera lost; opening it again", ("reason", reason), ("failures", Failures));
        Close();
        _said = _lost = reason;
        // A camera that worked is tried at once; one that opens and never gives a frame is not hammered.
        _due = _gaveFrames ? time.Now() : time.Now() + _backoff.Next();
        return CameraStep.Lost;
    }

    /// <summary>Closes the camera; the next step opens it again.</summary>
    public void Close()
    {
        if (_camera is null) return;
        _closed = (Dropped, Damaged);
        var camera = _camera;
        _camera = null;
        camera.Dispose();
    }
}
