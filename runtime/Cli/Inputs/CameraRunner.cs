using System.Diagnostics;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Engines;
using ResNetEdge.Preprocess;
using ResNetEdge.Tasks;

namespace ResNetEdge.Cli.Inputs;

/// <summary>Runs a camera's frames one after the other and reports each, until they end, enough were run, or somebody stops it.</summary>
internal sealed class CameraRunner : IDisposable
{
    private const int MostDamaged = 100; // in a row, after which a camera counts as unusable
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200); // how soon a stop is seen
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    private readonly IEngine _engine;
    private readonly ModelTask? _task;
    private readonly FrameInput _frames;
    private readonly InputBuffer _input;
    private readonly Action<string> _note;

    /// <summary>Prepares to run a model on a camera's frames.</summary>
    /// <param name="model">Loaded; stays the caller's.</param>
    /// <param name="top">Places (classes, boxes) that a report names at most.</param>
    /// <param name="preprocess">How frames become the model's input.</param>
    /// <param name="note">Told what a person should know.</param>
    /// <exception cref="EdgeException">Exit 3: the model takes no pictures.</exception>
    public CameraRunner(LoadedModel model, int top, PicturePreprocess preprocess, Action<string> note)
    {
        (_engine, _task, _note) = (model.Engine, model.Task(top), note);
        _input = PictureInput.ImageInputOf(model.Engine);
        _frames = new FrameInput(preprocess.For(model, _input), _input);
    }

    /// <summary>Runs frames until the camera ends, the given number is reached, or the user stops.</summary>
    /// <param name="camera">Open; stays the caller's.</param>
    /// <param name="frames">After which to end; null runs on.</param>
    /// <param name="stop">Ends it, between two frames.</param>
    /// <exception cref="EdgeException">Exit 3: the frames cannot be used, or there was none. Exit
    /// 5: the camera has stopped delivering frames, or a library is missing.</exception>
    /// <exception cref="CameraException">The camera failed.</exception>
    public IEnumerable<RunReport> Run(ICamera camera, int? frames, CancellationToken stop)
    {
        var mode = camera.Mode;
        _note($"camera {mode.Name}: {mode.Format}{(mode.Width > 0 ? $" {mode.Width}x{mode.Height}" : "")}"
            + $"{(mode.FramesPerSecond > 0 ? $", {mode.FramesPerSecond:0.##} frames/s" : "")}");
        long done = 0, damaged = 0, lastFrame = Stopwatch.GetTimestamp();
        int damagedInRow = 0;
        string? lastWhyNot = null;
        while (!stop.IsCancellationRequested && (frames == null || done < frames))
        {
            var signal = camera.Wait(Slice, out var frame);
            if (signal == CameraSignal.Ended) break;
            if (signal == CameraSignal.Silence)
            {
                CheckSilence(mode, Stopwatch.GetElapsedTime(lastFrame));
                continue;
            }

            lastFrame = Stopwatch.GetTimestamp();
            var report = Run(camera, frame, damaged, out string? whyNot);
            if (report != null)
            {
                (damagedInRow, done) = (0, done + 1);
                yield return report;
                continue;
            }

            lastWhyNot = whyNot;
            if (damaged++ == 0) _note($"{whyNot}; further ones are counted without a message");
            if (++damagedInRow == MostDamaged) throw EdgeException.BadInput($"{MostDamaged} frames in a row could not be used; the last: {whyNot}");
        }

        _note($"{done} frames run, {camera.Dropped} dropped, {camera.Damaged + damaged} damaged");
        if (done == 0 && !stop.IsCancellationRequested)
        {
            throw EdgeException.BadInput(camera.Damaged + damaged == 0
                ? $"{mode.Name}: it ended without a single frame; is it empty, or another kind of file?"
                : $"{mode.Name}: none of its {camera.Damaged + damaged} frames could be "
                    + $"used{(lastWhyNot is null ? "; none is complete" : $"; the last: {lastWhyNot}")}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    /// <summary>Runs one frame and gives it back; null for a damaged one.</summary>
    private RunReport? Run(ICamera camera, in Frame frame, long damaged, out string? whyNot)
    {
        bool isWritten;
        long start = Stopwatch.GetTimestamp();
        try
        {
            isWritten = _frames.TryWrite(frame, _input, out whyNot);
        }
        finally
        {
            camera.Release(frame);
        }

        if (!isWritten) return null;
        var preprocess = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        _engine.Run();
        var infer = Stopwatch.GetElapsedTime(start);
        var latency = TimeProvider.System.Now() - frame.Time;
        return new RunReport(frame.Name, null, _engine.Name, _task?.Read(_engine), Milliseconds(infer), Milliseconds(preprocess), 0)
        {
            Sequence = frame.Sequence,
            Dropped = camera.Dropped,
            Damaged = camera.Damaged + damaged,
            LatencyMs = Milliseconds(latency),
        };
    }

    private static void CheckSilence(CameraMode mode, TimeSpan silence)
    {
        var most = mode.FramesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(LongestSilence.TotalSeconds, 3 / mode.FramesPerSecond)) : LongestSilence;
        if (silence > most)
            throw new CameraException($"{mode.Name}: the camera reports no error but has delivered no frame for {silence.TotalSeconds:0} s");
    }

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 4);
}
