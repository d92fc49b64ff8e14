using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Arming;

/// <summary>
/// Listens to the topics that arm rules. What was heard last holds while the broker is away: a broker that is restarted does not disarm the house.
/// </summary>
internal sealed class ArmingWatch : IDisposable
{
    private const int MostBytes = 256; // of a state
    private readonly ArmingSettings _settings;
    private readonly RuleConditions _conditions;
    private readonly Log _log;
    private readonly MqttListener _listener;
    private string? _said;

    /// <summary>Begins to connect.</summary>
    /// <param name="settings">Broker and topics.</param>
    /// <param name="conditions">Get the states.</param>
    /// <param name="time">Of all waits.</param>
    /// <param name="log">For people.</param>
    public ArmingWatch(ArmingSettings settings, RuleConditions conditions, TimeProvider time, Log log)
    {
        (_settings, _conditions, _log) = (settings, conditions, log);
        _listener = new MqttListener(settings.Broker, settings.Topics, null, Received, Tell, time);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Tell(string? trouble)
    {
        if (trouble == _said) return;
        if (trouble is null) _log.Notice("what arms rules is heard again", ("output", _settings.Output));
        else _log.Warning($"what arms rules cannot be heard: {trouble}", ("output", _settings.Output));
        _said = trouble;
    }

    private void Received(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool isRetained)
    {
        string name = Encoding.UTF8.GetString(topic);
        if (!_settings.Topics.Contains(name)) return;
        var state = _conditions.StateOf(_settings.Output, name);
        string text = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, MostBytes)]).Trim();
        string? next = text.Length == 0 ? null : text;
        if (next == state.Text) return;
        state.Text = next;
        _log.Info("arming state", ("topic", name), ("state", text));
    }
}
