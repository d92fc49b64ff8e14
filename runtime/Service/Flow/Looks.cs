using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Triggers;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// When the service looks: always, or, with triggers, only when it is asked. A look throws away the frames by which the camera warms up, has
/// some frames run, and answers everybody who had asked when it began; then, if nobody has asked meanwhile, the rules turn off, the camera is
/// closed, and the frame thread sleeps. Only a service of one camera has triggers; with several nothing is ever asked. For the frame thread.
/// </summary>
/// <param name="state">Its configuration says how to look.</param>
/// <param name="stream">The camera; its rules turn off when it sleeps.</param>
/// <param name="queue">Who asked.</param>
/// <param name="status">Is sent when the service falls asleep.</param>
/// <param name="environment">Clock, log and watchdog.</param>
internal sealed class Looks(
    ServiceState state, CameraStream stream, LookQueue queue, StatusLine status, ServiceEnvironment environment)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1); // housekeeping
    private readonly List<LookRequest> _asking = [];
    private TimeSpan _began;
    private int _toWarmUp, _frames;

    /// <summary>A look is under way.</summary>
    public bool IsUnderWay => _asking.Count > 0;

    private bool HasTriggers => state.Parts.Configuration.Triggers.Count > 0;

    private LookSettings Settings => state.Parts.Configuration.Looks;

    /// <summary>Begins a look if somebody asks for one; sleeps for a moment if nobody does.</summary>
    /// <returns>Whether a frame is to be taken now.</returns>
    public bool BeginOrSleep()
    {
        if (IsUnderWay) return true;
        queue.TakeInto(_asking);
        if (IsUnderWay)
        {
            (_began, _toWarmUp, _frames) = (environment.Time.Now(), Settings.WarmUp, 0);
            return true;
        }

        if (!HasTriggers) return true;
        Sleep();
        return false;
    }

    /// <summary>Whether a frame is to be run; else it is thrown away.</summary>
    public bool Takes(in Frame frame)
    {
        if (!IsUnderWay) return true;
        // A camera that stayed open may give a picture of before the question.
        if (frame.Time >= _asking[0].Asked && _toWarmUp-- <= 0) return true;
        stream.Liveness.Begin();
        return false;
    }

    /// <summary>A frame was run, and the rules know of it.</summary>
    public void CountFrame(FrameResult result)
    {
        if (!IsUnderWay || ++_frames < Settings.Frames) return;
        Finish(result, null);
    }

    /// <summary>Ends a look that takes too long.</summary>
    public void EndIfLate()
    {
        var waited = environment.Time.Now() - _began;
        if (!IsUnderWay || waited < Settings.Timeout) return;
        string why = stream.Camera.Trouble ?? $"{_frames} of {Settings.Frames} frames could be used";
        Finish(_frames > 0 ? stream.Result : null, string.Create(CultureInfo.InvariantCulture, $"after {waited.TotalSeconds:F1} s: {why}"));
    }

    /// <summary>The camera is a file and gave its last frame.</summary>
    /// <returns>False: no look was under way, so that nothing is left to do.</returns>
    public bool EndWithFile()
    {
        if (!HasTriggers) return false;
        if (IsUnderWay) Finish(_frames > 0 ? stream.Result : null, "the camera's file ended");
        stream.Camera.Close();
        return true;
    }

    private void Sleep()
    {
        if (stream.Decisions.Sleep()) status.Send();
        environment.Notifier.Feed();
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

    private void Finish(FrameResult? result, string? error)
    {
        var now = environment.Time.Now();
        string[] rulesOn = [.. stream.Decisions.RuleStatuses.Where(r => r.IsOn).Select(r => r.Name)];
        foreach (var request in _asking)
        {
            var latency = now - request.Asked;
            environment.Log.Info("look", ("trigger", request.Trigger), ("frames", _frames), ("rules", string.Join(' ', rulesOn)), ("error", error),
                ("latency_ms", Math.Round(latency.TotalMilliseconds, 3)));
            request.Answer?.Invoke(LookAnswer.Of(request, latency, _frames, result is null ? [] : result.Json.Span, rulesOn, error));
        }

        _asking.Clear();
    }
}
