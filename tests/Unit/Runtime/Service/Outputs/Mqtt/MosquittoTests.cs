using System.Text.Json;
using ResNetEdge.Service.Outputs.Mqtt;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

/// <summary>Against the broker that most devices meet: Debian's mosquitto.</summary>
public sealed class MosquittoTests : IDisposable
{
    private readonly SinkBench _bench = new();
    private readonly Mosquitto _broker;

    public MosquittoTests() => _broker = new Mosquitto(_bench.Folder);

    public void Dispose()
    {
        _broker.Dispose();
        _bench.Dispose();
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Messages_status_and_login_work(int qos)
    {
        _broker.Start();
        var heard = _broker.Subscribe("t/#");
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret");
        using (var sink = Settings(qos, password).Open(_bench.Context))
        {
            for (int i = 0; i < 100; i++)
            {
                sink.Accept(SinkBench.Event(i));
                SinkBench.Until(() => sink.Status.Queued < 50, "room");
            }

            SinkBench.Until(() => sink.Status.Delivered == 100, $"the broker to take all; {sink.Status}");
        }

        var lines = heard(l => l.Contains("offline"));
        Assert.Equal("t/status online", lines[0]);
        var sent = Enumerable.Range(0, 100).Select(i => $"\"frame\":{i},").ToList();
        var came = lines.Where(l => l.StartsWith("t/rule/door {", StringComparison.Ordinal))
            .Select(l => l[l.IndexOf("\"frame\"", StringComparison.Ordinal)..l.IndexOf("\"camera", StringComparison.Ordinal)]).ToList();
        // Of QoS 0 the broker drops what a subscriber does not take at once; what comes is in order and there once.
        if (qos == 1) Assert.Equal(sent, came);
        else Assert.Equal(sent.Where(came.Contains), came);
        Assert.NotEmpty(came);
        Assert.Equal("t/status offline", lines[^1]);
    }

    [SkippableFact]
    public void A_broker_that_is_killed_and_comes_back_gets_everything()
    {
        _broker.Start();
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret");
        using var sink = Settings(1, password).Open(_bench.Context);
        sink.Accept(SinkBench.Event(0));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the first");
        _broker.Kill();
        for (int i = 1; i <= 20; i++) sink.Accept(SinkBench.Event(i));
        _broker.Start();
        var heard = _broker.Subscribe("t/rule/door");
        var lines = heard(l => l.Contains("\"frame\":20,", StringComparison.Ordinal));
        Assert.True(lines.Count <= 20, "each is there once, or was told before the subscription");
        SinkBench.Until(() => sink.Status.Delivered == 21, $"all; {sink.Status}");
        Assert.Equal(0, sink.Status.Dropped);
    }

    [SkippableFact]
    public void Home_Assistant_finds_the_rules_whenever_it_starts_and_not_those_that_are_gone()
    {
        _broker.Start();
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret");
        var settings = Settings(1, password) with { HomeAssistant = "t/discovery" };
        foreach (string[] rules in (string[][])[["door", "gate"], ["door"]])
        {
            using var sink = (settings with { Rules = new([.. rules.Select(rule => ((string?)null, rule))]) }).Open(_bench.Context);
            sink.Accept(SinkBench.Event(1));
            SinkBench.Until(() => sink.Status.Delivered == 1, $"the message; {sink.Status}");
        }

        string[] lines = [.. _broker.Subscribe("t/discovery/#")(l => l.Contains("/config {", StringComparison.Ordinal))];
        string announced = Assert.Single(lines, l => l.Contains("/config {", StringComparison.Ordinal));
        Assert.StartsWith("t/discovery/device/me/config {", announced, StringComparison.Ordinal);
        var components = JsonDocument.Parse(announced[announced.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("components");
        Assert.Equal("t/rule/door", components.GetProperty("rule_door").GetProperty("state_topic").GetString());
        Assert.Equal("""{"platform":"binary_sensor"}""", components.GetProperty("rule_gate").GetRawText());
    }

    [SkippableFact]
    public void A_wrong_password_is_told_and_tried_again()
    {
        _broker.Start();
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "wrong");
        using var sink = Settings(1, password).Open(_bench.Context);
        SinkBench.Until(
            () => sink.Status.LastError?.Contains("the broker refused the connection: ", StringComparison.Ordinal) == true, "the refusal");
        File.WriteAllText(password, "s3cret");
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the message");
    }

    private MqttSettings Settings(int qos, string password) =>
        new("out", "127.0.0.1", _broker.Port, false, null, "me", "box", password, "t", qos, false, TimeSpan.FromSeconds(30), SinkBench.Both);
}
