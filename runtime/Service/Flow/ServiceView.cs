using ResNetEdge.Device;
using ResNetEdge.Metrics;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Timing;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>The service as metrics, telemetry and the live page see it. For any thread; nothing here holds up a frame thread.</summary>
/// <param name="state">The service's state, which is only read.</param>
/// <param name="outputs">Their statuses are read.</param>
/// <param name="history">The rules' changes of the last day.</param>
/// <param name="status">Says what is wrong.</param>
/// <param name="stateFolder">On the disk whose room is told.</param>
/// <param name="started">When the service was started, on the monotonic clock.</param>
/// <param name="environment">Clock and log.</param>
internal sealed class ServiceView(
    ServiceState state, OutputSet outputs, EventHistory history, StatusLine status, string stateFolder, TimeSpan started,
    ServiceEnvironment environment) : IWatched
{
    private volatile OtlpPush? _telemetry;

    /// <summary>What pushes metrics; null: nothing does. Set by the service thread.</summary>
    public OtlpPush? Telemetry
    {
        get => _telemetry;
        set => _telemetry = value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> CameraNames => [.. state.Streams.Select(static s => s.Name ?? "")];

    /// <inheritdoc/>
    public ServiceSnapshot Snapshot()
    {
        var (now, parts, counters, machine) = (environment.Time.Now(), state.Parts, state.Counters, state.Machine);
        CameraSnapshot[] cameras = [.. state.Streams.Select(stream => Of(stream, parts, now))];
        return new ServiceSnapshot
        {
            State = status.Phase.Name(),
            Trouble = status.Trouble,
            IsHealthy = cameras.All(static c => c.IsHealthy),
            Uptime = now - started,
            Model = parts.Model.Status,
            Camera = cameras is [var only] ? only.Camera : null,
            Looks = cameras is [{ Name: "" } unnamed] ? unnamed.Looks : null,
            Cameras = cameras[0].Name.Length == 0 ? [] : cameras,
            Frames = cameras.Sum(static c => c.Frames),
            FramesDropped = cameras.Sum(static c => c.FramesDropped),
            FramesDamaged = cameras.Sum(static c => c.FramesDamaged),
            FramesSkipped = cameras.Sum(static c => c.FramesSkipped),
            CameraFailures = cameras.Sum(static c => c.Failures),
            FramesPerSecond = cameras.Sum(static c => c.FramesPerSecond),
            EndToEnd = LatencyHistogram.Together([.. cameras.Select(static c => c.EndToEnd)]),
            Infer = LatencyHistogram.Together([.. cameras.Select(static c => c.Infer)]),
            Preprocess = LatencyHistogram.Together([.. cameras.Select(static c => c.Preprocess)]),
            BudgetMisses = parts.Scheduler.Misses,
            StepsDown = parts.Scheduler.StepsDown,
            StepsUp = parts.Scheduler.StepsUp,
            FrameDivisor = parts.Scheduler.OperatingPoint.Divisor,
            TemperatureCelsius = machine.Hottest?.Celsius,
            IsThrottled = machine.Throttles.Count > 0,
            CpuMHz = machine.CpuMHz,
            RssMiB = PeakRss.CurrentMebibytes() ?? 0,
            CpuTime = Environment.CpuUsage.TotalTime,
            AllocatedBytes = GC.GetTotalAllocatedBytes(),
            StateFreeBytes = StateDisk.FreeBytes(stateFolder),
            Reloads = counters.Reloads,
            ReloadsRefused = counters.ReloadsRefused,
            ModelUpdates = counters.ModelUpdates,
            ModelUpdatesRefused = counters.ModelUpdatesRefused,
            Pushes = Telemetry?.Counts,
            Outputs = outputs.Statuses,
            Lines = outputs.Lines,
            Rules = [.. state.Streams.SelectMany(static s => s.Decisions.RuleStatuses)],
            Answer = cameras[0].Answer,
            Events = environment.Log.Recent,
        };
    }

    /// <inheritdoc/>
    public byte[] HistoryJson() => history.ToJson(environment.Time.GetUtcNow());

    /// <inheritdoc/>
    public Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(int camera, CancellationToken ct) => state.Streams[camera].Tap.PictureAsync(ct);

    private static CameraSnapshot Of(CameraStream stream, ServiceParts parts, TimeSpan now)
    {
        var (camera, counters) = (stream.Camera, stream.Counters);
        return new CameraSnapshot
        {
            Name = stream.Name ?? "",
            State = stream.Decisions.Phase.Name(),
            IsHealthy = stream.IsHealthy,
            Trouble = stream.Trouble is { } trouble ? SafeAddress.Hide(trouble) : null,
            Camera = camera.Mode,
            Frames = counters.Frames,
            FramesDropped = camera.Dropped,
            FramesDamaged = camera.Damaged + counters.Undecodable,
            FramesSkipped = counters.Skipped,
            Failures = camera.Failures,
            FramesPerSecond = counters.FramesPerSecond(now),
            EndToEnd = counters.EndToEnd,
            Infer = counters.Infer,
            Preprocess = counters.Preprocess,
            Looks = parts.Configuration.Triggers.Count > 0 ? stream.Looks : null,
            Answer = stream.LastAnswer.Copy() ?? parts.Model.Runners[stream.Index].Task.NewResult(),
        };
    }
}
