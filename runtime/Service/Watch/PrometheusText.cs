using System.Globalization;
using System.Text;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Watch;

/// <summary>Metrics as Prometheus reads them, text format 0.0.4.</summary>
/// <remarks>Source: https://prometheus.io/docs/instrumenting/exposition_formats.</remarks>
internal static class PrometheusText
{
    /// <summary>What an answer of this form is called.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const double Kilo = 1e3;

    /// <summary>Writes the metrics of a moment.</summary>
    /// <param name="now">How the service does.</param>
    /// <param name="version">Of the program.</param>
    public static string Write(ServiceSnapshot now, string version)
    {
        var text = new StringBuilder(8 << 10);
        foreach (var family in MetricTable.Of(now, version))
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escaped(family.Help, isLabel: false))
                .Append("\n# TYPE ").Append(family.Name).Append(' ').Append(family.Kind.ToString().ToLowerInvariant()).Append('\n');
            foreach (var sample in family.Samples)
            {
                if (sample.Histogram is { } histogram) Buckets(text, family.Name, histogram, sample.Labels);
                else Sample(text, family.Name, sample.Value, sample.Labels);
            }
        }

        return text.ToString();
    }

    // Buckets are summed up, and their sum is the count: read once, they agree whatever the frame thread counts meanwhile.
    private static void Buckets(StringBuilder text, string name, LatencyHistogram histogram, IReadOnlyList<(string Name, string Value)> labels)
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

    private static void Sample(StringBuilder text, string name, double value, IReadOnlyList<(string Name, string Value)> labels)
    {
        text.Append(name);
        for (int i = 0; i < labels.Count; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value, isLabel: true)).Append('"');
        if (labels.Count > 0) text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Escaped(string value, bool isLabel)
    {
        string text = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
