using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Watch;

/// <summary>How the service does, at one moment: everything that the metrics and the live page show. Counts are since the process started.</summary>
internal sealed record ServiceSnapshot
{
    /// <summary><c>starting</c>, <c>running</c>, <c>blind</c> (no frames), <c>asleep</c> (nobody asks), <c>stopping</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it does not run, one sentence; null while it does.</summary>
    public string? Trouble { get; init; }

    /// <summary>Frames flow: the last one came within the stall time.</summary>
    public required bool IsHealthy { get; init; }

    /// <summary>Since the process started.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>The model in use.</summary>
    public required ModelStatus Model { get; init; }

    /// <summary>What the camera answered; null while there is none.</summary>
    public CameraMode? Camera { get; init; }

    /// <summary>Frames that were run.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames dropped because a newer one was there, or lost by the driver.</summary>
    public required long FramesDropped { get; init; }

    /// <summary>Frames that were damaged.</summary>
    public required long FramesDamaged { get; init; }

    /// <summary>Frames left out to keep to a lower rate, by the scheduler.</summary>
    public required long FramesSkipped { get; init; }

    /// <summary>Number of times that an open camera failed or stopped delivering frames.</summary>
    public required long CameraFailures { get; init; }

    /// <summary>Frames per second over the last seconds.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>From the camera's shutter to the result.</summary>
    public required LatencyHistogram EndToEnd { get; init; }

    /// <summary>The network alone.</summary>
    public required LatencyHistogram Infer { get; init; }

    /// <summary>Conversion, resize, normalisation, quantisation.</summary>
    public required LatencyHistogram Preprocess { get; init; }

    /// <summary>Frames that took longer than the budget.</summary>
    public required long BudgetMisses { get; init; }

    /// <summary>Steps down the ladder or in rate.</summary>
    public required long StepsDown { get; init; }

    /// <summary>Steps up again.</summary>
    public required long StepsUp { get; init; }

    /// <summary>Of every Nth frame one is run; 1 runs all.</summary>
    public required int FrameDivisor { get; init; }

    /// <summary>The hottest zone, degrees Celsius; null where the machine says nothing.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>The machine says that it slows itself down.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>Clock of the fastest core, MHz; null where the machine does not say.</summary>
    public double? CpuMHz { get; init; }

    /// <summary>Memory of the process now, MiB.</summary>
    public required double RssMiB { get; init; }

    /// <summary>Processor time of the process, all threads.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>Managed memory that was ever asked for, by all threads.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Room on the disk of the state folder, bytes; null where the system does not say.</summary>
    public long? StateFreeBytes { get; init; }

    /// <summary>Configurations taken over.</summary>
    public required long Reloads { get; init; }

    /// <summary>How often a changed configuration was refused.</summary>
    public required long ReloadsRefused { get; init; }

    /// <summary>Models swapped in.</summary>
    public required long ModelUpdates { get; init; }

    /// <summary>How often a new model was refused or rolled back.</summary>
    public required long ModelUpdatesRefused { get; init; }

    /// <summary>Metrics pushed to a collector; null when none are.</summary>
    public PushCounts? Pushes { get; init; }

    /// <summary>What became of what each output was given.</summary>
    public required IReadOnlyList<SinkStatus> Outputs { get; init; }

    /// <summary>Lines: from the camera's shutter to the change of the line.</summary>
    public IReadOnlyList<LineLatency> Lines { get; init; } = [];

    /// <summary>Which rules are on.</summary>
    public required IReadOnlyList<RuleStatus> Rules { get; init; }

    /// <summary>What the network said of the last frame; the snapshot's own.</summary>
    public required TaskResult Answer { get; init; }

    /// <summary>
    /// Each camera, in the order of the configuration; empty where the service's one camera has no name. What stands above of frames is of all
    /// together.
    /// </summary>
    public IReadOnlyList<CameraSnapshot> Cameras { get; init; } = [];

    /// <summary>Looks of the one camera; null without triggers, and where each camera has its own.</summary>
    public LookCounters? Looks { get; init; }

    /// <summary>What stands here of frames, as of one camera.</summary>
    public CameraSnapshot Whole => new()
    {
        Name = "",
        State = State,
        IsHealthy = IsHealthy,
        Trouble = Trouble,
        Camera = Camera,
        Frames = Frames,
        FramesDropped = FramesDropped,
        FramesDamaged = FramesDamaged,
        FramesSkipped = FramesSkipped,
        Failures = CameraFailures,
        FramesPerSecond = FramesPerSecond,
        EndToEnd = EndToEnd,
        Infer = Infer,
        Preprocess = Preprocess,
        Looks = Looks,
        Answer = Answer,
    };

    /// <summary>The last lines of the log, oldest first.</summary>
    public required IReadOnlyList<LogLine> Events { get; init; }
}
