using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Outputs.Mqtt;

namespace ResNetEdge.Service.Triggers;

/// <summary>
/// Asks for each message on a topic, and publishes the answers. Quality 0 both ways: a request that was lost is asked again by whoever misses the
/// answer. A retained message is none: the broker would send it at each connection.
/// </summary>
internal sealed class MqttTrigger : IDisposable
{
    private readonly MqttTriggerSettings _settings;
    private readonly TriggerContext _context;
    private readonly TriggerTrouble _trouble;
    private readonly byte[] _topic, _seenTopic;
    private readonly MqttListener _listener;

    /// <summary>Begins to connect.</summary>
    public MqttTrigger(MqttTriggerSettings settings, TriggerContext context)
    {
        (_settings, _context) = (settings, context);
        string topic = settings.Broker.Topic;
        (_topic, _seenTopic) = (Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes($"{topic}/seen"));
        _trouble = new TriggerTrouble(settings.Name, context.Log);
        _listener = new MqttListener(settings.Broker, [topic], $"{topic}/status", Received, Tell, context.Time);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Tell(string? trouble)
    {
        if (trouble is null) _trouble.Works();
        else _trouble.Fails(trouble);
    }

    private void Received(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool isRetained)
    {
        if (isRetained || !topic.SequenceEqual(_topic)) return;
        var request = new LookRequest(_settings.Name, _settings.Cameras, _context.Time.Now(), Answer);
        if (!_context.Queue.Ask(request)) Answer(LookAnswer.Refusal(request));
    }

    private void Answer(ReadOnlyMemory<byte> json) => _listener.Publish(_seenTopic, json);
}
