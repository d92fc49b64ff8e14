using System.Globalization;
using System.Text;

namespace ResNetEdge.Service.Watch;

/// <summary>A snapshot as Prometheus reads it, text format 0.0.4. Names and units follow its conventions: base units, <c>_total</c> for what only counts up.</summary>
/// <remarks>Source: https://prometheus.io/docs/instrumenting/exposition_formats and .../practices/naming.</remarks>
internal static class PrometheusText
{
    /// <summary>What an answer of this form is called.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const double Kilo = 1e3, Mega = 1e6, Mebi = 1 << 20;
    private static readonly string[] States = ["starting", "running", "blind", "stopping"];

    /// <summary>Writes it.</summary>
    /// <param name="now">How the service does.</param>
    /// <param name="version">Of the program.</param>
    public static string Write(ServiceSnapshot now, string version)
    {
        var text = new StringBuilder(8 << 10);
        Service(text, now, version);
        Frames(text, now);
        Machine(text, now);
        Outputs(text, now);
        Rules(text, now);
        return text.ToString();
    }

    private static void Service(StringBuilder text, ServiceSnapshot now, string version)
    {
        var model = now.Model;
        Gauge(text, "resnetedge_info", "Program, model and engine in use; always 1.", 1,
            ("version", version), ("model", model.Name), ("model_version", model.Version ?? ""), ("precision", model.Precision), ("engine", model.Engine), ("signed", model.IsSigned ? "true" : "false"));
        Gauge(text, "resnetedge_healthy", "1 while frames flow.", now.IsHealthy ? 1 : 0);
        Head(text, "resnetedge_state", "gauge", "1 for the state that the service is in.");
        foreach (string state in States) Sample(text, "resnetedge_state", now.State == state ? 1 : 0, ("state", state));
        Gauge(text, "resnetedge_uptime_seconds", "Since the process started.", now.Uptime.TotalSeconds);
        Counters(text, "resnetedge_reloads_total", "Configurations read again.", "result", ("taken", now.Reloads), ("refused", now.ReloadsRefused));
        Counters(text, "resnetedge_model_updates_total", "Models that came while running.", "result", ("taken", now.ModelUpdates), ("refused", now.ModelUpdatesRefused));
    }

    private static void Frames(StringBuilder text, ServiceSnapshot now)
    {
        Counter(text, "resnetedge_frames_total", "Frames that were run.", now.Frames);
        Counters(text, "resnetedge_frames_lost_total", "Frames that were not run: a newer one was there, damaged, or left out to keep to a lower rate.", "reason",
            ("dropped", now.FramesDropped), ("damaged", now.FramesDamaged), ("skipped", now.FramesSkipped));
        Counter(text, "resnetedge_camera_failures_total", "Times that an open camera failed or fell silent.", now.CameraFailures);
        Gauge(text, "resnetedge_frames_per_second", "Over the last seconds.", now.FramesPerSecond);
        Histogram(text, "resnetedge_end_to_end_seconds", "From the camera's shutter to the result.", now.EndToEnd);
        Histogram(text, "resnetedge_preprocess_seconds", "Conversion, resize, normalisation, quantisation.", now.Preprocess);
        Histogram(text, "resnetedge_infer_seconds", "The network alone.", now.Infer);
        Counter(text, "resnetedge_budget_misses_total", "Frames that took longer than the budget.", now.BudgetMisses);
        Counters(text, "resnetedge_steps_total", "Steps down and up the ladder or in rate.", "direction", ("down", now.StepsDown), ("up", now.StepsUp));
        Gauge(text, "resnetedge_ladder_level", "Level of the model's ladder; 0 is the whole network.", now.Model.Level);
        Gauge(text, "resnetedge_ladder_levels", "Levels that there are besides 0.", now.Model.Levels);
        Gauge(text, "resnetedge_frame_divisor", "Of every so many frames one is run.", now.FrameDivisor);
    }

    private static void Machine(StringBuilder text, ServiceSnapshot now)
    {
        if (now.TemperatureCelsius is { } temperature) Gauge(text, "resnetedge_temperature_celsius", "Of the hottest zone.", temperature);
        Gauge(text, "resnetedge_throttled", "1 while the machine says that it slows itself down.", now.IsThrottled ? 1 : 0);
        if (now.CpuMHz is { } clock) Gauge(text, "resnetedge_cpu_hertz", "Clock of the fastest core.", clock * Mega);
        Gauge(text, "process_resident_memory_bytes", "Memory of the process.", Math.Round(now.RssMiB * Mebi));
        Counter(text, "process_cpu_seconds_total", "Processor time of the process, all threads.", now.CpuTime.TotalSeconds);
        Counter(text, "dotnet_gc_heap_total_allocated_bytes_total", "Managed memory that was ever asked for; what it grows by a frame should be little.", now.AllocatedBytes);
    }

    private static void Outputs(StringBuilder text, ServiceSnapshot now)
    {
        if (now.Outputs.Count == 0) return;
        Each("accepted_total", "counter", "Given to the output.", o => o.Accepted);
        Each("delivered_total", "counter", "Written, sent, acknowledged.", o => o.Delivered);
        Each("dropped_total", "counter", "Lost for want of room or at a limit.", o => o.Dropped);
        Each("failures_total", "counter", "Attempts that failed.", o => o.Failures);
        Each("queued", "gauge", "Waiting now.", o => o.Queued);

        void Each(string name, string type, string help, Func<Outputs.SinkStatus, long> value)
        {
            Head(text, $"resnetedge_output_{name}", type, help);
            foreach (var output in now.Outputs) Sample(text, $"resnetedge_output_{name}", value(output), ("output", output.Name), ("type", output.Type));
        }

        if (now.Lines.Count == 0) return;
        Head(text, "resnetedge_line_latency_seconds", "histogram", "From the camera's shutter to the change of the line.");
        foreach (var line in now.Lines) Buckets(text, "resnetedge_line_latency_seconds", line.Latency, ("output", line.Output));
    }

    private static void Rules(StringBuilder text, ServiceSnapshot now)
    {
        if (now.Rules.Count == 0) return;
        Head(text, "resnetedge_rule_on", "gauge", "1 while the rule holds.");
        foreach (var rule in now.Rules) Sample(text, "resnetedge_rule_on", rule.IsOn ? 1 : 0, ("rule", rule.Name));
        Head(text, "resnetedge_rule_turned_on_total", "counter", "Times that the rule turned on.");
        foreach (var rule in now.Rules) Sample(text, "resnetedge_rule_turned_on_total", rule.TurnedOn, ("rule", rule.Name));
    }

    private static void Gauge(StringBuilder text, string name, string help, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        Head(text, name, "gauge", help);
        Sample(text, name, value, labels);
    }

    private static void Counter(StringBuilder text, string name, string help, double value)
    {
        Head(text, name, "counter", help);
        Sample(text, name, value);
    }

    private static void Counters(StringBuilder text, string name, string help, string label, params ReadOnlySpan<(string Of, long Value)> values)
    {
        Head(text, name, "counter", help);
        foreach (var (of, value) in values) Sample(text, name, value, (label, of));
    }

    // Buckets are summed up, and their sum is the count: read once, they agree whatever the frame thread counts meanwhile.
    private static void Histogram(StringBuilder text, string name, string help, LatencyHistogram histogram)
    {
        Head(text, name, "histogram", help);
        Buckets(text, name, histogram);
    }

    private static void Buckets(StringBuilder text, string name, LatencyHistogram histogram, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        long sum = 0;
        for (int i = 0; i < LatencyHistogram.UpperMs.Length; i++)
        {
            sum += histogram.Counts[i];
            Sample(text, $"{name}_bucket", sum, [.. labels, ("le", Number(LatencyHistogram.UpperMs[i] / Kilo))]);
        }

        sum += histogram.Counts[^1];
        Sample(text, $"{name}_bucket", sum, [.. labels, ("le", "+Inf")]);
        Sample(text, $"{name}_sum", histogram.Sum.TotalSeconds, labels);
        Sample(text, $"{name}_count", sum, labels);
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(help, isLabel: false)).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Sample(StringBuilder text, string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(name);
        for (int i = 0; i < labels.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value, isLabel: true)).Append('"');
        if (labels.Length > 0) text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Escaped(string value, bool isLabel)
    {
        string text = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
