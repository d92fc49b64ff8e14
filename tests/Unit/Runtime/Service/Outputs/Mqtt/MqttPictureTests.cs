using ResNetEdge.Device.Native;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

public sealed class MqttPictureTests : IDisposable
{
    private readonly FakeBroker _broker = new();
    private readonly SinkBench _bench = new();

    public void Dispose()
    {
        _broker.Dispose();
        _bench.Dispose();
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_picture_comes_before_its_event_and_counts_as_none(int qos)
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        using var sink = Settings(qos).Open(_bench.Context);
        _bench.Accept(sink, SinkBench.Event(1, rule: "a/b"));
        sink.Accept(SinkBench.Event(2, isOn: false, rule: "a/b"));
        SinkBench.Until(() => sink.Status.Delivered == 2, $"both; {sink.Status}");
        var messages = _broker.Messages.Where(m => m.Topic != "t/status").ToList();
        Assert.Equal([("t/picture/a_b", true), ("t/rule/a_b", true), ("t/rule/a_b", true)], messages.Select(m => (m.Topic, m.IsRetained)));
        Assert.StartsWith("\uFFFD\uFFFD\uFFFD", messages[0].Payload, StringComparison.Ordinal); // FF D8 FF is no text
        Assert.Equal((2L, 0L), (sink.Status.Accepted, sink.Status.Queued));
    }

    [SkippableFact]
    public void A_picture_that_waited_for_the_broker_is_sent_when_it_comes()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        _broker.DropAfter = 0; // the first message of quality 1 ends the connection
        using var sink = Settings(1).Open(_bench.Context);
        _bench.Accept(sink, SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Delivered == 1, $"the event; {sink.Status}");
        Assert.Equal(["t/picture/door", "t/rule/door"], _broker.Messages.Where(m => m.Topic != "t/status").Select(m => m.Topic));
    }

    private MqttSettings Settings(int qos) =>
        new("out", "127.0.0.1", _broker.Port, false, null, "me", null, null, "t", qos, true, TimeSpan.FromSeconds(30), SinkBench.Both)
        {
            Pictures = new PictureForm(640, 80),
        };
}
