using System.Globalization;
using System.Text.Json;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Telemetry;

/// <summary>The request by the letter of the protocol's JSON form, and value by value what Prometheus reads.</summary>
public class OtlpJsonTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void The_resource_is_the_service_on_its_device()
    {
        var resource = Root(FakeWatched.Running()).GetProperty("resource").GetProperty("attributes");
        Assert.Equal(["service.name=resnetedge", "service.instance.id=gate \"3\"", "service.version=0.1.0"], Pairs(resource));
    }

    [Fact]
    public void Every_value_that_Prometheus_reads_is_there_once()
    {
        var snapshot = FakeWatched.Running() with { Pushes = new(7, 1), Lines = [new("door", FakeWatched.Histogram(3, 4, 6000))] };
        var expected = PrometheusText.Write(snapshot, "0.1.0").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#')
            .ToHashSet(StringComparer.Ordinal);
        var seen = new List<string>();
        foreach (var metric in Metrics(snapshot))
        {
            string name = metric.GetProperty("name").GetString()!;
            if (metric.TryGetProperty("sum", out var sum))
            {
                Assert.True(sum.GetProperty("isMonotonic").GetBoolean());
                Assert.Equal(2, sum.GetProperty("aggregationTemporality").GetInt32());
                seen.AddRange(Points(sum).Select(p => $"{name}_total{Labels(p)} {Text(p.GetProperty("asDouble").GetDouble())}"));
            }
            else if (metric.TryGetProperty("gauge", out var gauge))
            {
                Assert.False(gauge.TryGetProperty("aggregationTemporality", out _));
                seen.AddRange(Points(gauge).Select(p => $"{name}{Labels(p)} {Text(p.GetProperty("asDouble").GetDouble())}"));
            }
            else
            {
                var histogram = metric.GetProperty("histogram");
                Assert.Equal(2, histogram.GetProperty("aggregationTemporality").GetInt32());
                foreach (var point in Points(histogram)) seen.AddRange(Samples(name, point));
            }
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Counts_say_when_they_began_and_everything_when_it_was_read()
    {
        foreach (var metric in Metrics(FakeWatched.Running()))
        {
            bool isGauge = metric.TryGetProperty("gauge", out var data);
            if (!isGauge && !metric.TryGetProperty("sum", out data)) data = metric.GetProperty("histogram");
            foreach (var point in Points(data))
            {
                Assert.Equal("1772366400123000000", point.GetProperty("timeUnixNano").GetString());
                Assert.Equal(!isGauge, point.TryGetProperty("startTimeUnixNano", out var start));
                if (!isGauge) Assert.Equal("1772362800123000000", start.GetString());
            }
        }
    }

    [Theory]
    [InlineData("resnetedge_infer_seconds", "s")]
    [InlineData("process_resident_memory_bytes", "By")]
    [InlineData("process_cpu_seconds", "s")]
    [InlineData("resnetedge_temperature_celsius", "Cel")]
    [InlineData("resnetedge_cpu_hertz", "Hz")]
    [InlineData("resnetedge_frames_per_second", "1/s")]
    [InlineData("resnetedge_frames", "1")]
    public void Units_are_those_of_UCUM(string name, string unit) =>
        Assert.Equal(unit, Metrics(FakeWatched.Running()).Single(m => m.GetProperty("name").GetString() == name).GetProperty("unit").GetString());

    [Fact]
    public void A_number_that_JSON_has_not_is_written_as_the_protocol_says()
    {
        var rate = Metrics(FakeWatched.Running() with { FramesPerSecond = double.NaN })
            .Single(m => m.GetProperty("name").GetString() == "resnetedge_frames_per_second");
        Assert.Equal("NaN", rate.GetProperty("gauge").GetProperty("dataPoints")[0].GetProperty("asDouble").GetString());
    }

    private static JsonElement Root(ServiceSnapshot snapshot) =>
        JsonDocument.Parse(OtlpJson.Write(MetricTable.Of(snapshot, "0.1.0"), "gate \"3\"", "0.1.0", Now.AddHours(-1), Now)).RootElement
            .GetProperty("resourceMetrics")[0];

    private static List<JsonElement> Metrics(ServiceSnapshot snapshot) =>
        [.. Root(snapshot).GetProperty("scopeMetrics")[0].GetProperty("metrics").EnumerateArray()];

    private static List<JsonElement> Points(JsonElement data) => [.. data.GetProperty("dataPoints").EnumerateArray()];

    private static IEnumerable<string> Pairs(JsonElement attributes) => attributes.EnumerateArray()
        .Select(a => $"{a.GetProperty("key").GetString()}={a.GetProperty("value").GetProperty("stringValue").GetString()}");

    private static string Labels(JsonElement point, params IEnumerable<string> more)
    {
        var all = (point.TryGetProperty("attributes", out var attributes) ? Pairs(attributes) : []).Concat(more).Select(pair => pair.Split('=', 2))
            .Select(p => $"{p[0]}=\"{p[1]}\"").ToList();
        return all.Count == 0 ? "" : $"{{{string.Join(',', all)}}}";
    }

    private static IEnumerable<string> Samples(string name, JsonElement point)
    {
        var bounds = point.GetProperty("explicitBounds").EnumerateArray().Select(b => Text(b.GetDouble())).Append("+Inf").ToList();
        var counts =
            point.GetProperty("bucketCounts").EnumerateArray().Select(c => long.Parse(c.GetString()!, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(bounds.Count, counts.Count);
        for (int i = 0; i < bounds.Count; i++) yield return $"{name}_bucket{Labels(point, $"le={bounds[i]}")} {counts.Take(i + 1).Sum()}";
        yield return $"{name}_sum{Labels(point)} {Text(point.GetProperty("sum").GetDouble())}";
        yield return $"{name}_count{Labels(point)} {point.GetProperty("count").GetString()}";
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
