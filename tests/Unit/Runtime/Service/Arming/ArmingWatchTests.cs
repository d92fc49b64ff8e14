using ResNetEdge.Service.Arming;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Rules;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Arming;

/// <summary>Against Debian's mosquitto.</summary>
public sealed class ArmingWatchTests : IDisposable
{
    private readonly SinkBench _bench = new();
    private readonly Mosquitto _broker;
    private readonly RuleConditions _conditions = new(TimeProvider.System);

    public ArmingWatchTests() => _broker = new Mosquitto(_bench.Folder);

    public void Dispose()
    {
        _broker.Dispose();
        _bench.Dispose();
    }

    [SkippableFact]
    public void A_retained_state_is_heard_changes_follow_and_the_last_one_holds_while_the_broker_is_away()
    {
        _broker.Start();
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret");
        _broker.Publish("home/alarm", "armed_away", isRetained: true);
        using var set = new ArmingSet(_conditions, TimeProvider.System, _bench.Context.Log);
        var output = new MqttSettings(
            "broker", "127.0.0.1", _broker.Port, false, null, "me", "box", password, "t", 1, false, TimeSpan.FromSeconds(30), SinkBench.Both);
        set.Open([Rule("home/alarm"), Rule("home/door"), Rule("home/alarm")], [output]);
        var (alarm, door) = (_conditions.StateOf("broker", "home/alarm"), _conditions.StateOf("broker", "home/door"));
        SinkBench.Until(() => alarm.Text == "armed_away", "the retained state");
        Assert.Null(door.Text);
        _broker.Publish("home/door", " locked\n");
        SinkBench.Until(() => door.Text == "locked", "the door");
        set.Open([Rule("home/alarm"), Rule("home/door")], [output with { Topic = "other", Qos = 0 }]); // nothing that it listens to has changed
        _broker.Kill();
        SinkBench.Until(
            () => _bench.Logged.Any(l => l.StartsWith("what arms rules cannot be heard: 127.0.0.1:", StringComparison.Ordinal)), "the loss");
        Assert.Equal("armed_away", alarm.Text);
        _broker.Start();
        SinkBench.Until(() => _bench.Logged.Any(l => l.StartsWith("what arms rules is heard again", StringComparison.Ordinal)), "the broker");
        SinkBench.Until(
            () =>
            {
                _broker.Publish("home/alarm", "disarmed");
                return alarm.Text == "disarmed";
            }, "the next state");
        set.Open([], [output]);
        _broker.Publish("home/alarm", "armed_away");
        Assert.Equal("disarmed", alarm.Text); // nobody listens
    }

    private static RuleSettings Rule(string topic) =>
        new("seen", new(["cat"]), 0.9, 0.9, 1, 1, TimeSpan.Zero, TimeSpan.Zero, new([]))
        {
            ArmedBy = new ArmedBySettings("broker", topic, new(["armed_away"]), false),
        };
}
