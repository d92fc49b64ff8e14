using System.Collections.Concurrent;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Tests.Fakes;

/// <summary>A service that says what the test wants.</summary>
internal sealed class FakeWatched : IWatched
{
    /// <summary>What it says.</summary>
    public ServiceSnapshot Now { get; set; } = Running();

    /// <summary>Makes each picture.</summary>
    public Func<CancellationToken, Task<(byte[]? Jpeg, string? WhyNot)>> Picture { get; set; } =
        _ => Task.FromResult<(byte[]?, string?)>((null, "the test has no picture"));

    /// <summary>Pictures that were asked for.</summary>
    public int PicturesAsked { get; private set; }

    /// <summary>A service that runs well.</summary>
    public static ServiceSnapshot Running() => new()
    {
        State = "running",
        IsHealthy = true,
        Uptime = TimeSpan.FromSeconds(93784),
        Model = new("fashion-resnet14", "/var/lib/models/fashion", "7", "int8", "fused", 1, 3, IsSigned: true),
        Camera = new("/dev/video0 (Camera Module 3)", FourCc.Yuyv, 640, 480, 30),
        Frames = 123456,
        FramesDropped = 12,
        FramesDamaged = 3,
        FramesSkipped = 4,
        CameraFailures = 1,
        FramesPerSecond = 29.97,
        EndToEnd = Histogram(6, 7, 8, 8, 9, 9, 9, 12, 14, 35),
        Infer = Histogram(2.5, 2.6, 2.7, 2.8, 2.9, 3.1, 4),
        Preprocess = Histogram(0.3, 0.4, 0.4),
        BudgetMisses = 5,
        StepsDown = 2,
        StepsUp = 1,
        FrameDivisor = 1,
        TemperatureCelsius = 61.5,
        IsThrottled = false,
        CpuMHz = 1800,
        RssMiB = 47.25,
        CpuTime = TimeSpan.FromSeconds(12.5),
        AllocatedBytes = 123_456,
        Reloads = 2,
        ReloadsRefused = 1,
        ModelUpdates = 1,
        ModelUpdatesRefused = 0,
        Outputs = [new("door", "gpio", 6, 6, 0, 0, 0, null), new("back-office", "webhook", 40, 37, 0, 5, 3, "connection refused")],
        Rules = [new("sandal-seen", IsOn: true, 6), new("nobody-there", IsOn: false, 2)],
        Answer = Classes.Named(
            new(5, "Sandal", 0.914f), new(7, "Sneaker", 0.061f), new(9, "Ankle boot", 0.02f), new(8, "Bag", 0.004f), new(0, null, 0.001f)),
        Events =
        [
            new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), LogLevel.Notice, "model taken over model=fashion version=7")
            {
                Sentence = "Model taken over (model fashion, version 7).",
            },
            new(new(2026, 3, 1, 12, 5, 0, TimeSpan.Zero), LogLevel.Warning, "output fails output=back-office reason=\"connection refused\"")
            {
                Sentence = "Output fails: connection refused (output back-office).",
            },
            new(new(2026, 3, 1, 12, 6, 0, TimeSpan.Zero), LogLevel.Notice, "rule turned on rule=sandal-seen <b>&amp;"),
        ],
    };

    /// <summary>A histogram of samples in milliseconds.</summary>
    public static LatencyHistogram Histogram(params ReadOnlySpan<double> samplesMs)
    {
        var histogram = new LatencyHistogram();
        foreach (double sample in samplesMs) histogram.Add(TimeSpan.FromMilliseconds(sample));
        return histogram;
    }

    /// <summary>The last day.</summary>
    public EventHistory History { get; } = new();

    public ServiceSnapshot Snapshot() => Now;

    public byte[] HistoryJson() => History.ToJson(DateTimeOffset.UtcNow);

    /// <summary>Its cameras.</summary>
    public IReadOnlyList<string> CameraNames { get; init; } = [""];

    /// <summary>The places of the cameras whose pictures were asked for.</summary>
    public ConcurrentDictionary<int, bool> CamerasAsked { get; } = new();

    public Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(int camera, CancellationToken ct)
    {
        PicturesAsked++;
        CamerasAsked[camera] = true;
        return Picture(ct);
    }
}
