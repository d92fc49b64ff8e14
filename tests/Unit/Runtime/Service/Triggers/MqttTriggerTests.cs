using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Triggers;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Triggers;

/// <summary>Against Debian's mosquitto.</summary>
public sealed class MqttTriggerTests : IDisposable
{
    private readonly SinkBench _bench = new();
    private readonly Mosquitto _broker;
    private readonly LookQueue _queue = new(() => { }, []);
    private readonly List<LookRequest> _asked = [];

    public MqttTriggerTests() => _broker = new Mosquitto(_bench.Folder);

    public void Dispose()
    {
        _broker.Dispose();
        _bench.Dispose();
    }

    [SkippableFact]
    public void A_message_asks_and_is_answered_also_after_the_broker_was_away()
    {
        _broker.Start();
        var settings = Settings();
        var heard = _broker.Subscribe("t/#");
        using (settings.Open(new TriggerContext(TimeProvider.System, _bench.Context.Log, _queue)))
        {
            heard(l => l == "t/look/status online");
            Ask("first", heard);
            _broker.Kill();
            SinkBench.Until(() => _bench.Logged.Any(l => l.StartsWith("trigger fails: 127.0.0.1:", StringComparison.Ordinal)), "the loss");
            _broker.Start();
            SinkBench.Until(() => _bench.Logged.Any(l => l.StartsWith("trigger works again", StringComparison.Ordinal)), "the end of the trouble");
            heard = _broker.Subscribe("t/#");
            Ask("second", heard);
        }

        heard(l => l == "t/look/status offline");
    }

    [SkippableFact]
    public void A_message_that_the_broker_kept_is_not_a_question()
    {
        _broker.Start();
        _broker.Publish("t/look", "from last week", isRetained: true);
        var heard = _broker.Subscribe("t/#");
        using (Settings().Open(new TriggerContext(TimeProvider.System, _bench.Context.Log, _queue)))
        {
            heard(l => l == "t/look/status online"); // Sent after SUBSCRIBE, so that the kept message is on its way before the next one.
            _broker.Publish("t/look", "now");
            SinkBench.Until(() =>
            {
                _queue.TakeInto(0, _asked);
                return _asked.Count > 0;
            }, "a request");
            Assert.Single(_asked);
        }
    }

    private MqttTriggerSettings Settings()
    {
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret");
        return new MqttTriggerSettings("t", new MqttSettings(
            "t", "127.0.0.1", _broker.Port, false, null, "box-look", "box", password, "t/look", 0, false, TimeSpan.FromSeconds(30), SinkBench.Both));
    }

    private void Ask(string answer, Func<Func<string, bool>, List<string>> heard)
    {
        int before = _asked.Count;
        SinkBench.Until(() =>
        {
            if (_asked.Count == before) _broker.Publish("t/look", "what do you see?");
            _queue.TakeInto(0, _asked);
            return _asked.Count > before;
        }, "a request");
        Assert.Equal("t", _asked[^1].Trigger);
        _asked[^1].Answer!(System.Text.Encoding.UTF8.GetBytes($"{{\"{answer}\":1}}"));
        heard(l => l == $"t/look/seen {{\"{answer}\":1}}");
    }
}
