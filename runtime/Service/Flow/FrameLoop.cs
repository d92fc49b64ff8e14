using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Timing;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Carries each frame from the camera through the network to the rules and outputs, one at a time. For the frame thread; a frame allocates nothing,
/// and nothing is waited for but the camera.
/// </summary>
/// <param name="state">What the service is made of.</param>
/// <param name="decisions">Rules and outputs.</param>
/// <param name="models">Are told of each frame that was run, and roll back.</param>
/// <param name="looks">Say which frames are run.</param>
/// <param name="levels">Carry out what the scheduler decides.</param>
/// <param name="liveness">When a frame was answered last.</param>
/// <param name="tap">Gives frames to whoever watches.</param>
/// <param name="pictures">Gives frames to outputs that send or keep them.</param>
/// <param name="status">Is sent when frames begin or cease to be answered.</param>
/// <param name="environment">Clock, log and watchdog.</param>
internal sealed class FrameLoop(
    ServiceState state, Decisions decisions, ModelUpdates models, Looks looks, LevelChanges levels, Liveness liveness, PictureTap tap,
    PictureDesk pictures, StatusLine status, ServiceEnvironment environment)
{
    /// <summary>For one frame.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);
    private FrameUse _lastTried = FrameUse.Unusable; // what became of the last frame that was not left out
    private string? _lastComplaint; // why the last unusable frame could not be used, so that it is said once

    /// <summary>Whether the camera was a file and gave its last frame.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes at most one frame.</summary>
    public void Step()
    {
        var camera = state.Parts.Camera;
        switch (camera.Next(LongestWait, out var frame))
        {
            case CameraStep.Frame:
                if (TakeAndRelease(camera, frame) is var use and not FrameUse.LeftOut) _lastTried = use;
                if (_lastTried is FrameUse.Answered) environment.Notifier.Feed();
                break;
            case CameraStep.Absent:
                GoBlind();
                environment.Notifier.Feed(); // the driver gave an answer; a restart would find no camera either
                break;
            case CameraStep.Lost:
                GoBlind();
                break;
            case CameraStep.Ended:
                HasEnded = !looks.EndWithFile();
                break;
            default:
                break; // quiet: not fed, so that a camera which opens and never gives a frame gets a fresh process in the end
        }
    }

    private void GoBlind()
    {
        if (decisions.GoBlind()) status.Send();
    }

    private FrameUse TakeAndRelease(CameraSupervisor camera, in Frame frame)
    {
        FrameUse use;
        try
        {
            use = Take(camera, frame);
        }
        finally
        {
            camera.Release(frame);
        }

        var result = state.Parts.Result;
        if (use is not FrameUse.Answered) return use;
        camera.Answered(result.Preprocess + result.Infer);
        looks.CountFrame(result);
        return use;
    }

    private FrameUse Take(CameraSupervisor camera, in Frame frame)
    {
        var (now, stall) = (environment.Time.Now(), state.Parts.Configuration.Camera.Stall);
        if (now - frame.Time >= stall) return CannotUse(camera, "it is older than stall_timeout_s");
        if (!looks.Takes(frame)) return FrameUse.LeftOut;
        // Not so many are left out that the rules would hear of none.
        if (state.Parts.Scheduler.LeavesOutNextFrame() && liveness.Age < stall / 2)
        {
            state.Counters.Skipped++;
            return FrameUse.LeftOut;
        }

        if (tap.IsWanted) tap.Copy(frame);
        if (camera.Frozen.IsFrozen(frame, now)) return CannotUse(camera, "the picture has been the same, bit for bit, for frozen_timeout_s");
        try
        {
            var (runner, view) = (state.Parts.Model.Runner, state.Parts.Configuration.Camera.View.Frame);
            if (!runner.TryRun(frame, view, state.Parts.Result, out string? whyNot)) return CannotUse(camera, whyNot ?? "it is damaged");
        }
        catch (Exception e) when (models.CanRollBack)
        {
            models.RollBack(e.Message);
            return FrameUse.Unusable;
        }

        Answer(frame);
        return FrameUse.Answered;
    }

    private void Answer(in Frame frame)
    {
        var (result, counters) = (state.Parts.Result, state.Counters);
        (result.Frame, result.Sequence, result.Source, result.CameraTime) = (counters.Frames + 1, frame.Sequence, frame.Name, frame.Time);
        (result.DoneTime, result.Time) = (environment.Time.Now(), environment.Time.GetUtcNow());
        result.Changed();
        counters.Add(result);
        pictures.Show(frame);
        bool flowsAgain = decisions.Decide(result);
        pictures.Hide();
        if (flowsAgain)
        {
            environment.Log.Notice("frames flow", ("frame", result.Frame));
            status.Send();
        }

        state.LastAnswer.Keep(result.Answer);
        if (state.Parts.Scheduler.CountFrame(result.EndToEnd, result.DoneTime) is { } why) levels.Change(why);
        models.CountFrame();
    }

    private FrameUse CannotUse(CameraSupervisor camera, string whyNot)
    {
        state.Counters.Undecodable++;
        camera.Unusable(whyNot);
        if (whyNot == _lastComplaint) return FrameUse.Unusable;
        _lastComplaint = whyNot;
        environment.Log.Warning("a frame cannot be used", ("reason", whyNot), ("so_far", state.Counters.Undecodable));
        return FrameUse.Unusable;
    }
}
