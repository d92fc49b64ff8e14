using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Yaml;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Flow;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Telemetry;

public class TelemetrySettingsTests
{
    [Fact]
    public void Left_out_nothing_is_pushed() => Assert.Equal(TelemetrySettings.None, Read("endpoint: null").Settings);

    [Fact]
    public void A_device_goes_by_its_own_name_or_the_one_given()
    {
        var (settings, problems) = Read("endpoint: https://c.example/v1/metrics\ninterval_s: 30");
        Assert.Empty(problems);
        Assert.Equal(new TelemetrySettings(new("https://c.example/v1/metrics"), TimeSpan.FromSeconds(30), null, Environment.MachineName), settings);
        Assert.Equal("gate 3", Read("instance: gate 3").Settings.Instance);
    }

    [Theory]
    [InlineData(
        "endpoint: collector:4318",
        "'telemetry.endpoint' must be an address such as http://collector:4318/v1/metrics, without a password, not 'collector:4318'")]
    [InlineData("endpoint: http://me:secret@c/", "without a password")]
    [InlineData("endpoint: ftp://c/", "must be an address such as")]
    [InlineData("endpoint: [a]", "must be text, not a list")]
    [InlineData("endpoint: http://c/\ninterval_s: 0", "'telemetry.interval_s' must be a number from 1 to 3600")]
    [InlineData("headers_file: /etc/key", "'telemetry.headers_file' needs 'endpoint'")]
    public void Anything_else_is_refused(string yaml, string says) =>
        Assert.Contains(says, Assert.Single(Read(yaml).Problems).Sentence, StringComparison.Ordinal);

    /// <summary>A running service begins, changes and ends pushing with its configuration.</summary>
    [Fact]
    public void A_reload_begins_and_ends_it()
    {
        using var server = new FakeWebServer();
        using var running = new RunningService { Time = new FakeTime() };
        running.Run(FakeStep.Dark);
        Assert.Null(running.Snapshot.Pushes);
        running.Configure($"telemetry:\n  endpoint: {server.Url}\n  instance: gate");
        running.LetItNotice();
        SinkBench.Until(() => running.Snapshot.Pushes is { Taken: 1 }, "the push");
        Assert.Contains("\"gate\"", Assert.Single(server.Posts).Text, StringComparison.Ordinal);
        running.Configure("");
        running.LetItNotice();
        Assert.Null(running.Snapshot.Pushes);
    }

    [Fact]
    public void A_file_of_headers_that_is_not_there_is_refused_and_the_old_configuration_goes_on()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        running.Configure("telemetry:\n  endpoint: http://127.0.0.1:1/\n  headers_file: /nonexistent/key");
        running.LetItNotice();
        Assert.Equal((0L, 1L), (running.Snapshot.Reloads, running.Snapshot.ReloadsRefused));
        Assert.Contains("'/nonexistent/key' is not a file that can be read", running.LogText, StringComparison.Ordinal);
    }

    private static (TelemetrySettings Settings, List<(int Line, string Sentence)> Problems) Read(string yaml)
    {
        var place = new Place("c.yaml", "telemetry", []);
        var settings = TelemetrySettings.Read(new Section(YamlTree.Parse(yaml, "c.yaml"), place, TelemetrySettings.Schema));
        return (settings, place.Problems);
    }
}
