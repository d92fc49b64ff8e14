using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ResNetEdge.Service.Timing;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Telemetry;

/// <summary>Metrics as an ExportMetricsServiceRequest of the OpenTelemetry protocol in its JSON form; counts are cumulative.</summary>
/// <remarks>
/// Source: https://opentelemetry.io/docs/specs/otlp (JSON Protobuf encoding: 64-bit integers as strings,
/// enumerations as numbers) and its metrics.proto. Names are Prometheus' without <c>_total</c>, as the
/// compatibility specification has it: a collector that writes for Prometheus puts it back.
/// </remarks>
internal static class OtlpJson
{
    private const string Scope = "resnetedge";
    private const int Cumulative = 2;
    private const double Kilo = 1e3;
    private const long NanosecondsPerTick = 100;

    /// <summary>Writes the metrics as one OTLP export request.</summary>
    /// <param name="metrics">Of one moment.</param>
    /// <param name="instance">What the collector calls this device.</param>
    /// <param name="version">Of the program.</param>
    /// <param name="start">When counting began.</param>
    /// <param name="now">When they were read.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Write(IReadOnlyList<MetricFamily> metrics, string instance, string version, DateTimeOffset start, DateTimeOffset now)
    {
        var bytes = new ArrayBufferWriter<byte>(16 << 10);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceMetrics");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            Attributes(json, [("service.name", Scope), ("service.instance.id", instance), ("service.version", version)]);
            json.WriteEndObject();
            json.WriteStartArray("scopeMetrics");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", Scope);
            json.WriteString("version", version);
            json.WriteEndObject();
            json.WriteStartArray("metrics");
            foreach (var metric in metrics) Metric(json, metric, (Nanoseconds(start), Nanoseconds(now)));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void Metric(Utf8JsonWriter json, MetricFamily metric, (string Start, string Now) times)
    {
        json.WriteStartObject();
        bool isCounter = metric.Kind is MetricKind.Counter;
        json.WriteString("name", isCounter ? metric.Name[..^MetricFamily.CounterEnd.Length] : metric.Name);
        json.WriteString("description", metric.Help);
        json.WriteString("unit", metric.Unit);
        json.WriteStartObject(metric.Kind switch { MetricKind.Counter => "sum", MetricKind.Histogram => "histogram", _ => "gauge" });
        if (metric.Kind is not MetricKind.Gauge) json.WriteNumber("aggregationTemporality", Cumulative);
        if (isCounter) json.WriteBoolean("isMonotonic", true);
        json.WriteStartArray("dataPoints");
        foreach (var sample in metric.Samples)
        {
            json.WriteStartObject();
            if (sample.Labels.Count > 0) Attributes(json, sample.Labels);
            if (metric.Kind is not MetricKind.Gauge) json.WriteString("startTimeUnixNano", times.Start);
            json.WriteString("timeUnixNano", times.Now);
            if (sample.Histogram is { } histogram) Buckets(json, histogram);
            else Number(json, "asDouble", sample.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // The count is the buckets' sum: read once, they agree whatever the frame thread counts meanwhile.
    private static void Buckets(Utf8JsonWriter json, LatencyHistogram histogram)
    {
        long[] counts = histogram.Counts.ToArray();
        json.WriteString("count", Integer(counts.Sum()));
        Number(json, "sum", histogram.Sum.TotalSeconds);
        json.WriteStartArray("bucketCounts");
        foreach (long count in counts) json.WriteStringValue(Integer(count));
        json.WriteEndArray();
        json.WriteStartArray("explicitBounds");
        foreach (double bound in LatencyHistogram.UpperMs) json.WriteNumberValue(bound / Kilo);
        json.WriteEndArray();
    }

    private static void Attributes(Utf8JsonWriter json, IReadOnlyList<(string Name, string Value)> pairs)
    {
        json.WriteStartArray("attributes");
        foreach (var (name, value) in pairs)
        {
            json.WriteStartObject();
            json.WriteString("key", name);
            json.WriteStartObject("value");
            json.WriteString("stringValue", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static string Nanoseconds(DateTimeOffset time) => Integer((time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick);

    private static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);
}
