using System.Net.Sockets;
using System.Text;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Outputs.Webhook;
using ResNetEdge.Service.Rules;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

/// <summary>What each output writes for a classification, to the byte: programs of users read it.</summary>
public sealed class GoldenPayloadTests : IDisposable
{
    private const string Result =
        """{"event":"result","frame":7,"sequence":3,"time":"1970-01-01T00:00:07+00:00","camera_time_s":0.065,"input":"camera","level":1"""
        + ""","top":[{"index":1,"label":"a \u0022cat\u0022 \u0026 k\u00F6ter","probability":0.625},{"index":12,"probability":0.1}"""
        + """,{"index":2,"label":"dog","probability":null}],"preprocess_ms":1.2345,"infer_ms":12.5,"end_to_end_ms":5}""";

    private const string Event =
        """{"event":"rule","rule":"door","on":true,"label":"cat","probability":0.9,"reason":"seen","frame":7"""
        + ""","camera_time_s":0.065,"time":"1970-01-01T00:00:07+00:00"}""";

    private readonly SinkBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_file_of_lines_holds_the_result_and_the_event()
    {
        var settings = new JsonLinesSettings("out", Path.Combine(_bench.Folder, "events.jsonl"), 1, 2, SinkBench.Both);
        Send(settings.Open(_bench.Context));
        Assert.Equal($"{Result}\n{Event}\n", File.ReadAllText(settings.Path!));
    }

    [Fact]
    public void An_event_says_which_conditions_held()
    {
        using var json = new RuleEventJson();
        var why = new RuleWhy(0.8, 2, 2, 3, "mon-fri 08:00-18:00", "armed_away");
        Assert.Equal(
            Event[..^1] + ""","why":{"threshold":0.8,"counted":2,"frames":2,"of":3,"active":"mon-fri 08:00-18:00","armed":"armed_away"}}""",
            Encoding.UTF8.GetString(json.Write(SinkBench.Event(7) with { Why = why })));
    }

    [Fact]
    public void A_broker_gets_the_result_and_the_event()
    {
        using var broker = new FakeBroker();
        var settings = new MqttSettings(
            "out", "127.0.0.1", broker.Port, false, null, "me", null, null, "t", 1, false, TimeSpan.FromSeconds(30), SinkBench.Both);
        Send(settings.Open(_bench.Context));
        var messages = broker.Messages.Where(m => m.Topic != "t/status");
        Assert.Equal([("t/result", Result), ("t/rule/door", Event)], messages.Select(m => (m.Topic, m.Payload)));
    }

    [Fact]
    public void A_web_server_gets_the_event()
    {
        using var server = new FakeWebServer();
        using var sink = new WebhookSettings("out", server.Url, null, null, TimeSpan.FromSeconds(10), 1000, 1).Open(_bench.Context);
        sink.Accept(SinkBench.Event(7));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the delivery");
        Assert.Equal(Event, Assert.Single(server.Posts).Text);
    }

    [Fact]
    public async Task A_client_of_the_socket_reads_the_result()
    {
        string path = Path.Combine(_bench.Folder, "s");
        using var sink = new UnixSocketSettings("out", path, (UnixFileMode)0b110000000, 4, SinkBench.Both).Open(_bench.Context);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        using var reader = new StreamReader(new NetworkStream(socket));
        using var result = SinkBench.DetailedResult();
        var line = reader.ReadLineAsync();
        SinkBench.Until(() => { sink.Accept(result); return line.IsCompleted; }, "a line"); // the sink may not have seen the client yet
        Assert.Equal(Result, await line);
    }

    private static void Send(ISink sink)
    {
        using (sink)
        {
            using var result = SinkBench.DetailedResult();
            sink.Accept(result);
            sink.Accept(SinkBench.Event(7));
            SinkBench.Until(() => sink.Status.Delivered == 2, "both");
        }
    }
}
