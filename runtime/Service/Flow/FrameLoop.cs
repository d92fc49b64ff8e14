using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pictures;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Carries each frame from one camera through the network to the rules and outputs, one at a time. For the camera's frame thread; a frame allocates
/// nothing, and nothing is waited for but the camera.
/// </summary>
/// <param name="stream">The camera and what belongs to it.</param>
/// <param name="state">What the service is made of.</param>
/// <param name="models">Are told of each frame that was run, and roll back.</param>
/// <param name="looks">Say which frames are run.</param>
/// <param name="levels">Carry out what the scheduler decides.</param>
/// <param name="work">Takes to the service thread what concerns all cameras.</param>
/// <param name="pictures">Gives frames to outputs that send or keep them.</param>
/// <param name="status">Is sent when frames begin or cease to be answered.</param>
/// <param name="environment">The clock by which frames are judged.</param>
/// <param name="log">That names the camera.</param>
internal sealed class FrameLoop(
    CameraStream stream, ServiceState state, ModelUpdates models, Looks looks, LevelChanges levels, BackgroundWork work, PictureDesk pictures,
    StatusLine status, ServiceEnvironment environment, Log log) : IDisposable
{
    /// <summary>For one frame.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private readonly LevelComparison _comparison = new(stream, state, environment.Time);
    private string? _lastComplaint; // why the last unusable frame could not be used, so that it is said once

    /// <summary>Takes at most one frame, or sleeps while nobody asks for one.</summary>
    public void Step()
    {
        stream.TakeExchanged();
        if (!looks.BeginOrSleep()) return;
        TakeFrame();
        looks.EndIfLate();
    }

    /// <summary>The camera gives no frames: what its rules said last no longer holds.</summary>
    public void GoBlind()
    {
        if (stream.Decisions.GoBlind()) status.Send();
    }

    /// <inheritdoc/>
    public void Dispose() => _comparison.Dispose();

    private void TakeFrame()
    {
        var camera = stream.Camera;
        if (stream.HasEnded) // and other cameras go on, or else the service would have ended
        {
            GoBlind();
            camera.Rest(LongestWait);
            return;
        }

        var step = camera.Next(LongestWait, out var frame);
        stream.IsAbsent = step is CameraStep.Absent;
        switch (step)
        {
            case CameraStep.Frame:
                if (TakeAndRelease(camera, frame) is var use and not FrameUse.LeftOut) stream.LastTried = use;
                if (stream.LastTried is FrameUse.Answered) stream.Beat();
                break;
            case CameraStep.Absent:
                GoBlind();
                stream.Beat(); // the driver gave an answer; a restart would find no camera either
                break;
            case CameraStep.Lost:
                GoBlind();
                break;
            case CameraStep.Ended:
                stream.HasEnded = !looks.EndWithFile();
                break;
            default:
                break; // quiet: no beat, so that a camera which opens and never gives a frame gets a fresh process in the end
        }
    }

    private FrameUse TakeAndRelease(CameraSupervisor camera, in Frame frame)
    {
        lock (stream.Turn)
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

            if (use is not FrameUse.Answered) return use;
            var result = stream.Result;
            camera.Answered(result.Preprocess + result.Infer);
            looks.CountFrame(result);
            return use;
        }
    }

    private FrameUse Take(CameraSupervisor camera, in Frame frame)
    {
        var (now, stall) = (environment.Time.Now(), stream.Settings.Stall);
        if (now - frame.Time >= stall) return CannotUse(camera, "it is older than stall_timeout_s");
        if (!looks.Takes(frame)) return FrameUse.LeftOut;
        // Not so many are left out that the rules would hear of none.
        if (stream.Skipped.LeavesOut(state.Parts.Scheduler.OperatingPoint) && stream.Liveness.Age < stall / 2)
        {
            stream.Counters.Skipped++;
            return FrameUse.LeftOut;
        }

        if (stream.Tap.IsWanted) stream.Tap.Copy(frame);
        if (camera.Frozen.IsFrozen(frame, now)) return CannotUse(camera, "the picture has been the same, bit for bit, for frozen_timeout_s");
        var model = state.Parts.Model;
        try
        {
            if (!model.Runners[stream.Index].TryRun(frame, stream.Settings.View.Frame, stream.Result, out string? whyNot))
                return CannotUse(camera, whyNot ?? "it is damaged");
        }
        catch (Exception e) when (models.CanRollBack)
        {
            GoBack(model, e.Message);
            return FrameUse.Unusable;
        }

        Answer(frame);
        return FrameUse.Answered;
    }

    private void Answer(in Frame frame)
    {
        var (result, counters) = (stream.Result, stream.Counters);
        (result.Frame, result.Sequence, result.Source, result.CameraTime) = (counters.Frames + 1, frame.Sequence, frame.Name, frame.Time);
        (result.DoneTime, result.Time) = (environment.Time.Now(), environment.Time.GetUtcNow());
        result.Other = null;
        result.Changed();
        counters.Add(result);
        pictures.Show(stream.Index, frame);
        bool flowsAgain = stream.Decisions.Decide(result);
        if (_comparison.Differs(frame, result)) stream.Decisions.TellDiffering(result);
        pictures.Hide(stream.Index);
        if (flowsAgain)
        {
            log.Notice("frames flow", ("frame", result.Frame));
            status.Send();
        }

        stream.LastAnswer.Keep(result.Answer);
        if (state.Parts.Scheduler.CountFrame(result.EndToEnd, result.DoneTime) is { } why) ChangeLevel(why);
        models.CountFrame();
    }

    // What concerns all cameras is the service thread's. Methods of their own: a lambda's memory is taken where its method begins, for every frame.
    private void ChangeLevel(string why) => work.Post(() => levels.Change(why));

    private void GoBack(ReadyModel from, string reason) => work.Post(() => models.RollBack(from, reason));

    private FrameUse CannotUse(CameraSupervisor camera, string whyNot)
    {
        stream.Counters.Undecodable++;
        camera.Unusable(whyNot);
        if (whyNot == _lastComplaint) return FrameUse.Unusable;
        _lastComplaint = whyNot;
        log.Warning("a frame cannot be used", ("reason", whyNot), ("so_far", stream.Counters.Undecodable));
        return FrameUse.Unusable;
    }
}
