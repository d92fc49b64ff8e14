using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Watch;

/// <summary>How a metric's values are to be read.</summary>
internal enum MetricKind
{
    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>A count since the process started; its name ends in <see cref="MetricFamily.CounterEnd"/>.</summary>
    Counter,

    /// <summary>Durations in buckets, counted since the process started.</summary>
    Histogram,
}

/// <summary>A metric with all its samples.</summary>
/// <param name="Name">As Prometheus has it, with its unit.</param>
/// <param name="Kind">How its values are to be read.</param>
/// <param name="Unit">By UCUM, as OpenTelemetry writes units: <c>s</c>, <c>By</c>, <c>Cel</c>,
/// <c>Hz</c>, <c>1/s</c>; <c>1</c> for what is counted.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Samples">One for each set of labels.</param>
internal sealed record MetricFamily(string Name, MetricKind Kind, string Unit, string Help, IReadOnlyList<MetricSample> Samples)
{
    /// <summary>How names of counters end.</summary>
    public const string CounterEnd = "_total";
}

/// <summary>One sample of a metric.</summary>
/// <param name="Labels">What tells it from the family's others.</param>
/// <param name="Value">Of a gauge or counter.</param>
/// <param name="Histogram">Of a histogram; its unit is the second.</param>
internal readonly record struct MetricSample(IReadOnlyList<(string Name, string Value)> Labels, double Value, LatencyHistogram? Histogram = null);
