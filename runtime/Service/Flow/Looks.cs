using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Triggers;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// When a camera looks: always, or, with triggers, only when it is asked. A look throws away the frames by which the camera warms up, has some
/// frames run, and answers everybody who had asked when it began; then, if nobody has asked meanwhile, the camera's rules turn off, it is closed, and
/// its frame thread sleeps. For the frame thread, but for <see cref="EndIfStuck"/>.
/// </summary>
/// <param name="state">Its configuration says how to look.</param>
/// <param name="stream">The camera.</param>
/// <param name="queue">Who asked.</param>
/// <param name="status">Is sent when the camera falls asleep.</param>
/// <param name="environment">The clock.</param>
/// <param name="log">That names the camera.</param>
internal sealed class Looks(ServiceState state, CameraStream stream, LookQueue queue, StatusLine status, ServiceEnvironment environment, Log log)
{
    /// <summary>While nobody asks: housekeeping goes on.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1); // for a frame thread to end a look itself
    private readonly Lock _turn = new(); // taken after the stream's
    private readonly List<LookRequest> _asking = [];
    private TimeSpan _began, _cameBy = environment.Time.Now();
    private int _toWarmUp, _frames;

    private bool IsUnderWay => _asking.Count > 0;

    private bool HasTriggers => state.Parts.Configuration.Triggers.Count > 0;

    private LookSettings Settings => state.Parts.Configuration.Looks;

    /// <summary>Begins a look if somebody asks for one; sleeps for a moment if nobody does.</summary>
    /// <returns>Whether a frame is to be taken now.</returns>
    public bool BeginOrSleep()
    {
        lock (_turn)
        {
            _cameBy = environment.Time.Now();
            stream.IsStuck = false;
            if (IsUnderWay) return true;
            queue.TakeInto(stream.Index, _asking);
            if (IsUnderWay)
            {
                (_began, _toWarmUp, _frames) = (_cameBy, Settings.WarmUp, 0);
                return true;
            }
        }

        if (!HasTriggers) return true;
        Sleep();
        return false;
    }

    /// <summary>Whether a frame is to be run; else it is thrown away.</summary>
    public bool Takes(in Frame frame)
    {
        lock (_turn)
        {
            if (!IsUnderWay) return !HasTriggers; // a look may have been given up while the frame was waited for
            // A camera that stayed open may give a picture of before the question.
            if (frame.Time >= _asking[0].Asked && _toWarmUp-- <= 0) return true;
        }

        stream.Liveness.Begin();
        return false;
    }

    /// <summary>A frame was run, and the rules know of it.</summary>
    public void CountFrame(FrameResult result)
    {
        lock (_turn)
        {
            if (IsUnderWay && ++_frames >= Settings.Frames) Finish(result, null);
        }
    }

    /// <summary>Ends a look that takes too long.</summary>
    public void EndIfLate()
    {
        lock (stream.Turn) // around the result
        {
            lock (_turn)
            {
                var waited = environment.Time.Now() - _began;
                if (!IsUnderWay || waited < Settings.Timeout) return;
                string why = stream.Camera.Trouble ?? $"{_frames} of {Settings.Frames} frames could be used";
                Finish(_frames > 0 ? stream.Result : null, string.Create(CultureInfo.InvariantCulture, $"after {waited.TotalSeconds:F1} s: {why}"));
            }
        }
    }

    /// <summary>Answers in the place of a frame thread that stands still, so that nobody waits for a driver that hangs. Service thread.</summary>
    public void EndIfStuck()
    {
        if (!HasTriggers) return;
        lock (_turn)
        {
            var stands = environment.Time.Now() - _cameBy;
            if (stands < Settings.Timeout + Grace) return;
            if (!IsUnderWay) _frames = 0;
            queue.TakeInto(stream.Index, _asking);
            stream.IsStuck = true;
            if (IsUnderWay) Finish(null, string.Create(CultureInfo.InvariantCulture, $"after {stands.TotalSeconds:F1} s: {CameraStream.WhyStuck}"));
        }
    }

    /// <summary>The camera is a file and gave its last frame.</summary>
    /// <returns>False: no look was under way, so that nothing is left to do.</returns>
    public bool EndWithFile()
    {
        if (!HasTriggers) return false;
        lock (_turn)
        {
            if (IsUnderWay) Finish(_frames > 0 ? stream.Result : null, "the camera's file ended");
        }

        stream.Camera.Close();
        return true;
    }

    private void Sleep()
    {
        if (stream.Decisions.Sleep()) status.Send();
        stream.IsAbsent = false;
        stream.Beat();
        var camera = stream.Camera;
        if (!Settings.KeepsCameraOpen)
        {
            camera.Rest(LongestSleep);
        }
        else if (camera.Next(FrameLoop.LongestWait, out var frame) is CameraStep.Frame)
        {
            camera.Release(frame);
            stream.Liveness.Begin();
        }
    }

    // For who holds the turn.
    private void Finish(FrameResult? result, string? error)
    {
        var now = environment.Time.Now();
        string[] rulesOn = [.. stream.Decisions.RuleStatuses.Where(r => r.IsOn).Select(r => r.Name)];
        stream.Looks.Add(isWhole: error is null);
        foreach (var request in _asking)
        {
            var latency = now - request.Asked;
            stream.Looks.Latency.Add(latency);
            log.Info("look", ("trigger", request.Trigger), ("frames", _frames), ("rules", string.Join(' ', rulesOn)), ("error", error),
                ("latency_ms", Math.Round(latency.TotalMilliseconds, 3)));
            request.Answer?.Invoke(LookAnswer.Of(
                request, stream.Name, queue.Answers(request.Cameras), latency, _frames, result is null ? [] : result.Json.Span, rulesOn, error));
        }

        _asking.Clear();
    }
}
