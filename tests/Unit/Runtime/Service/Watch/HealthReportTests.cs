using System.Text.Json;
using ResNetEdge.Service;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Watch;

/// <summary>Health says more than whether frames flow, and stays 200 as long as they do.</summary>
public class HealthReportTests
{
    private static ServiceSnapshot Well => FakeWatched.Running() with { Outputs = [new("door", "gpio", 6, 6, 0, 0, 0, null)] };

    [Fact]
    public void A_service_without_trouble_is_not_degraded()
    {
        var health = HealthReport.Of(Well with { StateFreeBytes = 1L << 30 });
        Assert.Equal((true, false, 0), (health.Healthy, health.Degraded, health.Outputs.Count));
    }

    [Fact]
    public void A_full_disk_is_in_health()
    {
        var health = HealthReport.Of(Well with { StateFreeBytes = 4096 });
        Assert.Equal((true, true), (health.Healthy, health.Degraded));
        var failing = HealthReport.Of(Well with { Outputs = [new("log", "json_lines", 3, 1, 2, 2, 0, "No space left on device")] });
        Assert.True(failing.Degraded);
        var json = JsonDocument.Parse(failing.ToJson()).RootElement;
        Assert.Equal(("log", "No space left on device", 2), (
            json.GetProperty("outputs")[0].GetProperty("name").GetString(), json.GetProperty("outputs")[0].GetProperty("last_error").GetString(),
            json.GetProperty("outputs")[0].GetProperty("dropped").GetInt32()));
    }

    [Fact]
    public void Events_that_were_dropped_are_in_health_for_ten_minutes()
    {
        var time = new FakeTime();
        var counters =
            new SinkCounters(new JsonLinesSettings("log", null, 1, 1, SinkBench.Both), new Log(TextWriter.Null, time, isJournal: true), time);
        Assert.False(IsDegraded());
        counters.HadNoRoom();
        Assert.True(IsDegraded());
        time.Advance(TimeSpan.FromMinutes(9));
        counters.Dropped(0);
        Assert.True(IsDegraded());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(IsDegraded());
        counters.Dropped(3);
        Assert.True(IsDegraded());

        bool IsDegraded() => HealthReport.Of(Well with { Outputs = [counters.Status(0)] }).Degraded;
    }

    [Fact]
    public void A_refused_model_or_configuration_is_in_health_while_frames_flow() =>
        Assert.True(HealthReport.Of(Well with { Trouble = "service.yaml:3: 'brihgt' is not a label" }) is { Healthy: true, Degraded: true });
}
