using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Watch;

/// <summary>
/// Every metric there is: a snapshot as metrics, whoever they are written for. Names and units
/// follow Prometheus' conventions: base units, <c>_total</c> for what only counts up.
/// </summary>
/// <remarks>Source: https://prometheus.io/docs/practices/naming; units: https://opentelemetry.io/docs/specs/semconv/general/metrics.</remarks>
internal static class MetricTable
{
    private const string One = "1", Seconds = "s", Bytes = "By";
    private const double Mega = 1e6, Mebi = 1 << 20;
    private static readonly string[] States = ["starting", "running", "blind", "asleep", "stopping"];

    /// <summary>The metrics of a moment; what the machine does not say is left out.</summary>
    /// <param name="now">How the service does.</param>
    /// <param name="version">Of the program.</param>
    public static IReadOnlyList<MetricFamily> Of(ServiceSnapshot now, string version) =>
        [.. Service(now, version), .. Frames(now), .. Machine(now), .. Outputs(now), .. Rules(now)];

    private static IEnumerable<MetricFamily> Service(ServiceSnapshot now, string version)
    {
        var model = now.Model;
        yield return new("resnetedge_info", MetricKind.Gauge, One, "Program, model and engine in use; always 1.",
            [new([("version", version), ("model", model.Name), ("model_version", model.Version ?? ""), ("precision", model.Precision),
                ("engine", model.Engine), ("signed", model.IsSigned ? "true" : "false")], 1)]);
        yield return Gauge("resnetedge_healthy", One, "1 while frames flow.", now.IsHealthy ? 1 : 0);
        yield return Gauge(
            "resnetedge_degraded", One,
            "1 while frames flow and something else needs attention: an output, the disk, a refused configuration or model.",
            HealthReport.Of(now).Degraded ? 1 : 0);
        yield return new(
            "resnetedge_state", MetricKind.Gauge, One, "1 for the state of the service.",
            [.. States.Select(s => new MetricSample([("state", s)], now.State == s ? 1 : 0))]);
        yield return Gauge("resnetedge_uptime_seconds", Seconds, "Time since the process started.", now.Uptime.TotalSeconds);
        yield return Counters(
            "resnetedge_reloads_total", "Reloads of the configuration.", "result", ("taken", now.Reloads), ("refused", now.ReloadsRefused));
        yield return Counters("resnetedge_model_updates_total", "Model updates while running.", "result", ("taken", now.ModelUpdates),
            ("refused", now.ModelUpdatesRefused));
        if (now.Pushes is { } pushes)
            yield return Counters("resnetedge_telemetry_pushes_total", "Metrics pushed to the collector.", "result", ("taken", pushes.Taken),
                ("failed", pushes.Failed));
    }

    private static IEnumerable<MetricFamily> Frames(ServiceSnapshot now)
    {
        (IReadOnlyList<(string, string)> Labels, CameraSnapshot Of)[] cameras =
            now.Cameras.Count == 0 ? [([], now.Whole)] : [.. now.Cameras.Select(c => (Labels(c), c))];
        yield return Each("resnetedge_frames_total", MetricKind.Counter, One, "Frames that were run.", c => c.Frames);
        yield return new(
            "resnetedge_frames_lost_total", MetricKind.Counter, One,
            "Frames that were not run: replaced by a newer one, damaged, or skipped to keep to a lower rate.",
            [.. cameras.SelectMany(c => new[] { ("dropped", c.Of.FramesDropped), ("damaged", c.Of.FramesDamaged), ("skipped", c.Of.FramesSkipped) }
                .Select(lost => new MetricSample([.. c.Labels, ("reason", lost.Item1)], lost.Item2)))]);
        yield return Each("resnetedge_camera_failures_total", MetricKind.Counter, One,
            "Number of times that an open camera failed or stopped delivering frames.", c => c.Failures);
        yield return Each("resnetedge_frames_per_second", MetricKind.Gauge, "1/s", "Frame rate over the last seconds.", c => c.FramesPerSecond);
        yield return EachHistogram("resnetedge_end_to_end_seconds", "From the camera's shutter to the result.", c => c.EndToEnd);
        yield return EachHistogram("resnetedge_preprocess_seconds", "Conversion, resize, normalisation, quantisation.", c => c.Preprocess);
        yield return EachHistogram("resnetedge_infer_seconds", "The network alone.", c => c.Infer);
        if (now.Cameras.Count > 0)
            yield return Each("resnetedge_camera_healthy", MetricKind.Gauge, One, "1 while the camera's frames flow.", c => c.IsHealthy ? 1 : 0);
        if (cameras[0].Of.Looks is not null)
        {
            yield return new("resnetedge_looks_total", MetricKind.Counter, One,
                "Looks that triggers asked for: with all their frames, or ended by looks.timeout_s or the camera with fewer.",
                [.. cameras.SelectMany(c => new[] { ("whole", c.Of.Looks!.Whole), ("short", c.Of.Looks.Short) }
                    .Select(look => new MetricSample([.. c.Labels, ("result", look.Item1)], look.Item2)))]);
            yield return EachHistogram("resnetedge_look_seconds", "From a trigger's question to the answer.", c => c.Looks!.Latency);
        }

        yield return Counter("resnetedge_budget_misses_total", One, "Frames that took longer than the budget.", now.BudgetMisses);
        yield return Counters(
            "resnetedge_steps_total", "Steps down and up the ladder or in rate.", "direction", ("down", now.StepsDown), ("up", now.StepsUp));
        yield return Gauge("resnetedge_ladder_level", One, "Level of the model's ladder; 0 is the whole network.", now.Model.Level);
        yield return Gauge("resnetedge_ladder_levels", One, "Number of levels besides 0.", now.Model.Levels);
        yield return Gauge("resnetedge_frame_divisor", One, "One of this many frames is run.", now.FrameDivisor);

        MetricFamily Each(string name, MetricKind kind, string unit, string help, Func<CameraSnapshot, double> value) =>
            new(name, kind, unit, help, [.. cameras.Select(c => new MetricSample(c.Labels, value(c.Of)))]);

        MetricFamily EachHistogram(string name, string help, Func<CameraSnapshot, LatencyHistogram> value) =>
            new(name, MetricKind.Histogram, Seconds, help, [.. cameras.Select(c => new MetricSample(c.Labels, 0, value(c.Of)))]);
    }

    private static IEnumerable<MetricFamily> Machine(ServiceSnapshot now)
    {
        if (now.TemperatureCelsius is { } temperature)
            yield return Gauge("resnetedge_temperature_celsius", "Cel", "Temperature of the hottest zone.", temperature);
        yield return Gauge("resnetedge_throttled", One, "1 while the machine reports that it is throttling.", now.IsThrottled ? 1 : 0);
        if (now.CpuMHz is { } clock) yield return Gauge("resnetedge_cpu_hertz", "Hz", "Clock of the fastest core.", clock * Mega);
        if (now.StateFreeBytes is { } free)
            yield return Gauge("resnetedge_state_free_bytes", Bytes, "Free space on the disk of the state folder.", free);
        yield return Gauge("process_resident_memory_bytes", Bytes, "Memory of the process.", Math.Round(now.RssMiB * Mebi));
        yield return Counter("process_cpu_seconds_total", Seconds, "Processor time of the process, all threads.", now.CpuTime.TotalSeconds);
        yield return Counter("dotnet_gc_heap_total_allocated_bytes_total", Bytes,
            "Managed memory allocated since the start; it should grow little per frame.", now.AllocatedBytes);
    }

    private static IEnumerable<MetricFamily> Outputs(ServiceSnapshot now)
    {
        if (now.Outputs.Count == 0) yield break;
        yield return Each("accepted_total", MetricKind.Counter, "Given to the output.", o => o.Accepted);
        yield return Each("delivered_total", MetricKind.Counter, "Written, sent, acknowledged.", o => o.Delivered);
        yield return Each("dropped_total", MetricKind.Counter, "Lost for lack of space or at a limit.", o => o.Dropped);
        yield return Each("failures_total", MetricKind.Counter, "Attempts that failed.", o => o.Failures);
        yield return Each("queued", MetricKind.Gauge, "Waiting now.", o => o.Queued);
        if (now.Outputs.Any(o => o.PicturesMissing is not null))
            yield return new("resnetedge_output_pictures_missing_total", MetricKind.Counter, One, "Events that went without their picture.",
                [.. from o in now.Outputs where o.PicturesMissing is not null
                    select new MetricSample([("output", o.Name), ("type", o.Type)], o.PicturesMissing!.Value)]);
        if (now.Lines.Count > 0)
            yield return new("resnetedge_line_latency_seconds", MetricKind.Histogram, Seconds, "From the camera's shutter to the change of the line.",
                [.. now.Lines.Select(l => new MetricSample([("output", l.Output)], 0, l.Latency))]);

        MetricFamily Each(string name, MetricKind kind, string help, Func<SinkStatus, long> value) =>
            new($"resnetedge_output_{name}", kind, One, help,
                [.. now.Outputs.Select(o => new MetricSample([("output", o.Name), ("type", o.Type)], value(o)))]);
    }

    private static IEnumerable<MetricFamily> Rules(ServiceSnapshot now)
    {
        if (now.Rules.Count == 0) yield break;
        yield return new(
            "resnetedge_rule_on", MetricKind.Gauge, One, "1 while the rule holds.",
            [.. now.Rules.Select(r => new MetricSample(Labels(r), r.IsOn ? 1 : 0))]);
        yield return new("resnetedge_rule_turned_on_total", MetricKind.Counter, One, "Number of times that the rule turned on.",
            [.. now.Rules.Select(r => new MetricSample(Labels(r), r.TurnedOn))]);
        if (now.Rules.Any(r => r.HeldBack is not null))
            yield return new("resnetedge_rule_held_back_total", MetricKind.Counter, One,
                "Number of times that the rule turned on and people were not told, as its at_most was reached.",
                [.. from r in now.Rules where r.HeldBack is not null select new MetricSample(Labels(r), r.HeldBack!.Value)]);
    }

    private static (string, string)[] Labels(CameraSnapshot camera) => [("camera", camera.Name)];

    private static (string, string)[] Labels(RuleStatus rule) =>
        rule.Camera is null ? [("rule", rule.Name)] : [("camera", rule.Camera), ("rule", rule.Name)];

    private static MetricFamily Gauge(string name, string unit, string help, double value) =>
        new(name, MetricKind.Gauge, unit, help, [new([], value)]);

    private static MetricFamily Counter(string name, string unit, string help, double value) =>
        new(name, MetricKind.Counter, unit, help, [new([], value)]);

    private static MetricFamily Counters(string name, string help, string label, params (string Of, long Value)[] values) =>
        new(name, MetricKind.Counter, One, help, [.. values.Select(v => new MetricSample([(label, v.Of)], v.Value))]);
}
