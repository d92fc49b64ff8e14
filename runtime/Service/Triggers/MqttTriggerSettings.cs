using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Triggers;

/// <summary>Messages of an MQTT broker. Equal when everything in it is.</summary>
/// <param name="Name">In logs and answers.</param>
/// <param name="Broker">And how it is reached; its topic is the one that is listened to.</param>
internal sealed record MqttTriggerSettings(string Name, MqttSettings Broker) : TriggerSettings(Name, TypeName)
{
    private const string TypeName = "mqtt";

    private static readonly Setting<string> TopicSetting = Settings.Text("topic",
        "Topic that is listened to. Answers go to topic/seen, 'online' and 'offline' to topic/status.", "resnetedge/look");

    /// <summary>Its line in the table.</summary>
    public static TriggerKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "An MQTT 3.1.1 broker: each message on a topic asks for a look, except a retained one, and is answered by what was seen. "
            + "The broker knows this client by client_id with '-look' at its end.",
            [.. MqttSettings.Connection, TopicSetting]), Read);

    /// <inheritdoc/>
    public override IDisposable Open(TriggerContext context) => new MqttTrigger(this, context);

    private static MqttTriggerSettings Read(string name, Section section)
    {
        var broker = MqttSettings.Read(name, section);
        return new(name, broker with { Topic = section.Get(TopicSetting), ClientId = $"{broker.ClientId}-look" });
    }
}
