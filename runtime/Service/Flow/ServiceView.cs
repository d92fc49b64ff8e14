using ResNetEdge.Device;
using ResNetEdge.Metrics;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Timing;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>The service as metrics, telemetry and the live page see it. For any thread; nothing here holds up the frame thread.</summary>
/// <param name="state">The service's state, which is only read.</param>
/// <param name="decisions">Phase and rules are read.</param>
/// <param name="outputs">Their statuses are read.</param>
/// <param name="liveness">When a frame was answered last.</param>
/// <param name="status">Says what is wrong.</param>
/// <param name="tap">Gives frames to whoever watches.</param>
/// <param name="stateFolder">On the disk whose room is told.</param>
/// <param name="started">When the service was started, on the monotonic clock.</param>
/// <param name="environment">Clock and log.</param>
internal sealed class ServiceView(
    ServiceState state, Decisions decisions, OutputSet outputs, Liveness liveness, StatusLine status, PictureTap tap, string stateFolder,
    TimeSpan started, ServiceEnvironment environment) : IWatched
{
    private volatile OtlpPush? _telemetry;

    /// <summary>What pushes metrics; null: nothing does. Set by the frame thread.</summary>
    public OtlpPush? Telemetry
    {
        get => _telemetry;
        set => _telemetry = value;
    }

    /// <inheritdoc/>
    public ServiceSnapshot Snapshot()
    {
        var (now, phase) = (environment.Time.Now(), decisions.Phase);
        var (parts, counters, machine) = (state.Parts, state.Counters, state.Machine);
        return new ServiceSnapshot
        {
            State = phase.Name(),
            Trouble = status.Trouble,
            IsHealthy = phase is ServicePhase.Asleep
                ? parts.Camera.Trouble is null : phase is ServicePhase.Running && !liveness.IsOverdue(parts.Configuration.Camera.Stall),
            Uptime = now - started,
            Model = parts.Model.Status,
            Camera = parts.Camera.Mode,
            Frames = counters.Frames,
            FramesDropped = parts.Camera.Dropped,
            FramesDamaged = parts.Camera.Damaged + counters.Undecodable,
            FramesSkipped = counters.Skipped,
            CameraFailures = parts.Camera.Failures,
            FramesPerSecond = counters.FramesPerSecond(now),
            EndToEnd = counters.EndToEnd,
            Infer = counters.Infer,
            Preprocess = counters.Preprocess,
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
            Rules = decisions.RuleStatuses,
            Answer = state.LastAnswer.Copy() ?? parts.Model.Runner.Task.NewResult(),
            Events = environment.Log.Recent,
        };
    }

    /// <inheritdoc/>
    public Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(CancellationToken ct) => tap.PictureAsync(ct);
}
