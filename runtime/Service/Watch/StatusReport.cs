using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Watch;

/// <summary>A snapshot as JSON, for the live page and for scripts; units are in the names.</summary>
internal sealed record StatusReport
{
    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>See <see cref="ServiceSnapshot.State"/>.</summary>
    public required string State { get; init; }

    /// <summary>See <see cref="ServiceSnapshot.Trouble"/>.</summary>
    public string? Trouble { get; init; }

    /// <summary>Whether the camera gives frames and the model runs them.</summary>
    public required bool Healthy { get; init; }

    /// <summary>Since the process started.</summary>
    public required double UptimeS { get; init; }

    /// <summary>The model in use.</summary>
    public required ModelStatus Model { get; init; }

    /// <summary>The camera; null while there is none.</summary>
    public CameraReport? Camera { get; init; }

    /// <summary>Frames by what became of them.</summary>
    public required FramesReport Frames { get; init; }

    /// <summary>From the camera's shutter to the result.</summary>
    public required HistogramReport EndToEnd { get; init; }

    /// <summary>The network alone.</summary>
    public required HistogramReport Infer { get; init; }

    /// <summary>Conversion to quantisation.</summary>
    public required HistogramReport Preprocess { get; init; }

    /// <summary>Heat and memory.</summary>
    public required MachineReport Machine { get; init; }

    /// <summary>What changed while running.</summary>
    public required ChangesReport Changes { get; init; }

    /// <summary>What became of what each output was given.</summary>
    public required IReadOnlyList<SinkStatus> Outputs { get; init; }

    /// <summary>Which rules are on.</summary>
    public required IReadOnlyList<RuleStatus> Rules { get; init; }

    /// <summary>Name of the network's task, which tells how the page draws the answer.</summary>
    public required string Task { get; init; }

    /// <summary>The last lines of the log, oldest first.</summary>
    public required IReadOnlyList<EventReport> Events { get; init; }

    // The serializer leaves it alone: it writes itself.
    private TaskResult? Answer { get; init; }

    private IReadOnlyList<CameraSnapshot> Cameras { get; init; } = [];

    /// <summary>Of a snapshot.</summary>
    /// <param name="now">How the service does.</param>
    /// <param name="version">Of the program.</param>
    public static StatusReport Of(ServiceSnapshot now, string version) => new()
    {
        Version = version,
        State = now.State,
        Trouble = now.Trouble,
        Healthy = now.IsHealthy,
        UptimeS = Math.Round(now.Uptime.TotalSeconds, 1),
        Model = now.Model,
        Camera = CameraReport.Of(now.Camera),
        Frames = new(now.Frames, now.FramesDropped, now.FramesDamaged, now.FramesSkipped, Math.Round(Finite(now.FramesPerSecond) ?? 0, 2),
            now.FrameDivisor, now.BudgetMisses, now.CameraFailures),
        EndToEnd = HistogramReport.Of(now.EndToEnd),
        Infer = HistogramReport.Of(now.Infer),
        Preprocess = HistogramReport.Of(now.Preprocess),
        Machine = new(Finite(now.TemperatureCelsius), now.IsThrottled, Finite(now.CpuMHz), Math.Round(now.RssMiB, 1)),
        Changes = new(now.StepsDown, now.StepsUp, now.Reloads, now.ReloadsRefused, now.ModelUpdates, now.ModelUpdatesRefused),
        Outputs = now.Outputs,
        Rules = now.Rules,
        Task = now.Answer.Task,
        Events = [.. now.Events.Select(e => new EventReport(e.Time, e.Level.ToString().ToLowerInvariant(), e.Text, e.Sentence))],
        Answer = now.Answer,
        Cameras = now.Cameras,
    };

    /// <summary>UTF-8; the answer's own properties come last.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            var all = JsonSerializer.SerializeToElement(this, StatusContext.Default.StatusReport);
            foreach (var property in all.EnumerateObject()) property.WriteTo(json);
            Answer?.Draw(json);
            if (Cameras.Count > 0) WriteCameras(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteCameras(Utf8JsonWriter json)
    {
        json.WriteStartArray("cameras"u8);
        foreach (var camera in Cameras)
        {
            json.WriteStartObject();
            camera.WriteHealth(json);
            if (CameraReport.Of(camera.Camera) is { } mode)
            {
                json.WritePropertyName("camera"u8);
                JsonSerializer.Serialize(json, mode, StatusContext.Default.CameraReport);
            }

            json.WriteStartObject("frames"u8);
            json.WriteNumber("run"u8, camera.Frames);
            json.WriteNumber("dropped"u8, camera.FramesDropped);
            json.WriteNumber("damaged"u8, camera.FramesDamaged);
            json.WriteNumber("skipped"u8, camera.FramesSkipped);
            json.WriteNumber("per_second"u8, Math.Round(Finite(camera.FramesPerSecond) ?? 0, 2));
            json.WriteNumber("camera_failures"u8, camera.Failures);
            json.WriteEndObject();
            json.WritePropertyName("end_to_end"u8);
            JsonSerializer.Serialize(json, HistogramReport.Of(camera.EndToEnd), StatusContext.Default.HistogramReport);
            json.WritePropertyName("infer"u8);
            JsonSerializer.Serialize(json, HistogramReport.Of(camera.Infer), StatusContext.Default.HistogramReport);
            camera.Answer.Draw(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // JSON has no other numbers, and a driver may say anything.
    internal static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>The camera as it answered.</summary>
internal sealed record CameraReport(string Name, string Format, int Width, int Height, double FramesPerSecond)
{
    /// <summary>Of what it answered; null while there is none.</summary>
    public static CameraReport? Of(CameraMode? mode) => mode is null ? null
        : new(mode.Name, mode.Format.ToString(), mode.Width, mode.Height, StatusReport.Finite(mode.FramesPerSecond) ?? 0);
}

/// <summary>Frames by what became of them.</summary>
internal sealed record FramesReport(
    long Run, long Dropped, long Damaged, long Skipped, double PerSecond, int Divisor, long BudgetMisses, long CameraFailures);

/// <summary>Heat and memory; null is what the machine does not say.</summary>
internal sealed record MachineReport(double? TemperatureCelsius, bool Throttled, double? CpuMhz, double RssMib);

/// <summary>What changed while running.</summary>
internal sealed record ChangesReport(long StepsDown, long StepsUp, long Reloads, long ReloadsRefused, long ModelUpdates, long ModelUpdatesRefused);

/// <summary>One line of the log.</summary>
/// <param name="Time">When it happened, by the wall clock.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Text">As the log has it.</param>
/// <param name="Sentence">The same for people.</param>
internal sealed record EventReport(DateTimeOffset Time, string Level, string Text, string Sentence);

/// <summary>A histogram of latencies as <c>status.json</c> has it.</summary>
/// <param name="UpperMs">Inclusive bounds.</param>
/// <param name="Counts">Per bucket, one more than there are bounds: the last is above all.</param>
/// <param name="P50Ms">Bound of the bucket that holds it; null without samples, or above all bounds.</param>
/// <param name="P90Ms">As P50Ms.</param>
/// <param name="P99Ms">As P50Ms.</param>
internal sealed record HistogramReport(IReadOnlyList<double> UpperMs, IReadOnlyList<long> Counts, double? P50Ms, double? P90Ms, double? P99Ms)
{
    /// <summary>Of a histogram.</summary>
    public static HistogramReport Of(LatencyHistogram histogram) =>
        new(LatencyHistogram.UpperMs.ToArray(), histogram.Counts.ToArray(), Bound(histogram, 50), Bound(histogram, 90), Bound(histogram, 99));

    private static double? Bound(LatencyHistogram histogram, double percent) =>
        histogram.PercentileMs(percent) is { } ms && double.IsFinite(ms) ? ms : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class StatusContext : JsonSerializerContext;
