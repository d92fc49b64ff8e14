using System.Text.Json;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

public sealed class MqttSinkTests : IDisposable
{
    private readonly FakeBroker _broker = new();
    private readonly FakeTime _time = new();
    private readonly SinkBench _bench;

    public MqttSinkTests() => _bench = new SinkBench(_time);

    public void Dispose()
    {
        _broker.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void It_says_who_it_is_that_it_lives_and_what_happens()
    {
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret\n");
        using (var sink = (Settings(1) with { User = "box", PasswordFile = password, IsRetained = true }).Open(_bench.Context))
        {
            using var result = SinkBench.Result(1);
            sink.Accept(result);
            sink.Accept(SinkBench.Event(2, rule: "door/+#"));
            SinkBench.Until(() => sink.Status.Delivered == 2, "both");
            SinkBench.Until(() => sink.Status.Queued == 0, "the sink's thread to put the last one down"); // it may be acknowledged before
            Assert.Equal((2L, 0L, 0L), (sink.Status.Accepted, sink.Status.Dropped, sink.Status.Failures));
        }

        var client = Assert.Single(_broker.Clients);
        Assert.Equal((0b1110_1100, 30), (client.Flags, client.KeepAlive));
        Assert.Equal(["me", "t/status", "offline", "box", "s3cret"], client.Texts);
        SinkBench.Until(() => _broker.Endings == 1, "the farewell");
        var messages = _broker.Messages;
        Assert.Equal(["t/status", "t/result", "t/rule/door___", "t/status"], messages.Select(m => m.Topic));
        Assert.Equal(["online", "offline"], messages.Where(m => m.Topic == "t/status").Select(m => m.Payload));
        Assert.Equal([true, false, true, true], messages.Select(m => m.IsRetained));
        Assert.Equal([0, 1, 1, 0], messages.Select(m => m.Qos));
        Assert.Equal("door/+#", JsonDocument.Parse(messages[2].Payload).RootElement.GetProperty("rule").GetString());
    }

    [Fact]
    public void What_was_not_acknowledged_comes_again_in_order_and_says_so()
    {
        _broker.DropAfter = 5;
        using var sink = Settings(1).Open(_bench.Context);
        for (int i = 0; i < 40; i++) sink.Accept(SinkBench.Event(i));
        Advance(() => sink.Status.Delivered == 40, "all of them");
        var events = Events();
        Assert.Equal(2, _broker.Clients.Count);
        Assert.Equal(Enumerable.Range(0, 40), events.Select(m => Frame(m)).Distinct()); // at least once, the first ones in order
        Assert.Contains(events, m => m.IsDup);
        Assert.All(events.Where(m => m.IsDup), m => Assert.True(Frame(m) < 5 + MqttWindow.Most)); // acknowledgements may be lost with the connection
        Assert.Equal(0, sink.Status.Dropped);
        Assert.Equal(1, sink.Status.Failures);
        Assert.Contains(_bench.Logged, l => l == "output works again output=out");
    }

    [Fact]
    public void Messages_wait_for_a_broker_that_is_not_there_yet()
    {
        int port = _broker.Port;
        _broker.Dispose();
        using var sink = (Settings(0) with { Port = port }).Open(_bench.Context);
        for (int i = 0; i < 10; i++) sink.Accept(SinkBench.Event(i));
        Advance(() => sink.Status.Failures >= 3, "some attempts");
        Assert.Contains("Connection refused", sink.Status.LastError, StringComparison.Ordinal);
        Assert.Equal(10, sink.Status.Queued);
        Assert.Single(_bench.Logged);
    }

    [Fact]
    public void A_silent_broker_is_left_for_a_new_connection()
    {
        _broker.AnswersPings = false;
        using (var sink = Settings(0).Open(_bench.Context))
        {
            Advance(() => _broker.Clients.Count >= 2, "a new connection after a ping without an answer");
            Assert.Contains(_bench.Logged, l => l.EndsWith("the broker does not answer a ping\" output=out", StringComparison.Ordinal)
                || l.Contains("the broker does not answer a ping", StringComparison.Ordinal));
        }

        _broker.AnswersPings = true;
        _broker.Acknowledges = false;
        using (var sink = Settings(1).Open(_bench.Context))
        {
            sink.Accept(SinkBench.Event(1));
            Advance(() => Events().Exists(m => m.IsDup), "the message again");
            _broker.Acknowledges = true;
            Advance(() => sink.Status.Delivered == 1, "its acknowledgement");
        }
    }

    [Fact]
    public void A_connection_lives_on_pings()
    {
        using var sink = Settings(0).Open(_bench.Context);
        SinkBench.Until(() => _broker.Messages.Count == 1, "the connection");
        var until = _time.Now + TimeSpan.FromMinutes(5);
        Advance(() => _time.Now > until, "five minutes", TimeSpan.FromMilliseconds(500));
        Assert.Single(_broker.Clients);
        Assert.Equal(0, sink.Status.Failures);
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 2, 0, 4 }, "the broker refused the connection: the user name or password is wrong")]
    [InlineData(new byte[] { 0x20, 2, 0, 99 }, "the broker refused the connection: code 99")]
    [InlineData(new byte[] { 0x48, 0x54, 0x54, 0x50, 0x2F }, "the server there is not an MQTT broker: it answered 48545450")]
    public void Who_is_no_broker_or_refuses_is_told(byte[] connack, string why)
    {
        _broker.Connack = connack;
        using var sink = Settings(0).Open(_bench.Context);
        SinkBench.Until(() => sink.Status.LastError?.EndsWith(why, StringComparison.Ordinal) == true, why);
        _broker.Connack = [0x20, 2, 0, 0];
        sink.Accept(SinkBench.Event(1));
        Advance(() => sink.Status.Delivered == 1, "all well after all");
    }

    [Theory]
    [InlineData(new byte[] { 0x40, 0xFF, 0xFF, 0xFF, 0x7F }, "the broker sent 40FF, which is never sent to a publisher")]
    [InlineData(new byte[] { 0x30, 0x7F }, "the broker sent 307F, which is never sent to a publisher")]
    [InlineData(new byte[] { 0x40, 2, 77, 77, 0, 0 }, "the broker sent 0000, which is never sent to a publisher")]
    public void Garbage_ends_the_connection_and_nothing_is_lost(byte[] garbage, string why)
    {
        _broker.Garbage = garbage;
        _broker.Acknowledges = false;
        using var sink = Settings(1).Open(_bench.Context);
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.LastError?.EndsWith(why, StringComparison.Ordinal) == true, why);
        _broker.Garbage = null; // the greeting took it; or the message will
        _broker.Acknowledges = true;
        Advance(() => sink.Status.Delivered == 1, "the message");
    }

    [Fact]
    public void A_flood_without_a_broker_is_bounded_and_allocates_nothing()
    {
        _broker.Dispose();
        using var sink = Settings(1).Open(_bench.Context);
        SinkBench.Flood(sink, 100_000);
        // While the sink's thread takes one out of the queue, that one is counted nowhere.
        SinkBench.Until(() => sink.Status.Accepted == sink.Status.Queued + sink.Status.Dropped, "all to be counted");
    }

    private List<FakeBroker.Message> Events() => [.. _broker.Messages.Where(m => m.Topic == "t/rule/door")];

    private static int Frame(FakeBroker.Message message) => JsonDocument.Parse(message.Payload).RootElement.GetProperty("frame").GetInt32();

    private MqttSettings Settings(int qos) =>
        new("out", "127.0.0.1", _broker.Port, false, null, "me", null, null, "t", qos, false, TimeSpan.FromSeconds(30), SinkBench.Both);

    private void Advance(Func<bool> condition, string what, TimeSpan? step = null) => SinkBench.Until(
        () =>
        {
            if (condition()) return true;
            Thread.Yield();
            _time.Advance(step ?? TimeSpan.FromMilliseconds(20));
            return false;
        }, what);
}
