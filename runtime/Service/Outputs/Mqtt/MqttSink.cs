using System.Buffers;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>
/// Messages to an MQTT broker. Quality 0: at most once. Quality 1: at least once, as long as the process lives and the queue has room; what a
/// broken connection left unacknowledged is sent again, marked as such, in order. The topic <c>status</c> says <c>online</c> while connected.
/// </summary>
internal sealed class MqttSink : QueuedSink
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10); // for an acknowledgement and for a ping
    private const int MostKeptBytes = 64 << 10; // of a packet's memory; a picture's is given back
    private static readonly byte[] ResultTopic = Encoding.UTF8.GetBytes(MqttSettings.ResultTopic);
    private static readonly byte[] RuleTopic = Encoding.UTF8.GetBytes(MqttSettings.RuleTopic);
    private static readonly byte[] PictureTopic = Encoding.UTF8.GetBytes(MqttSettings.PictureTopic);
    private readonly MqttSettings _settings;
    private readonly MqttWindow _window = new();
    private ArrayBufferWriter<byte> _packet = new(1024);
    private readonly ArrayBufferWriter<byte> _topic = new(256);
    private readonly byte[] _statusTopic, _topicStart;
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), jitter: 0.5);
    private readonly CancellationTokenSource _abort = new();
    private volatile MqttConnection? _connection;
    private TimeSpan _tryAt, _sent;
    private TimeSpan? _pinged;
    private byte[]? _picture; // of the item that could not be sent yet
    private volatile bool _isPingAnswered;

    /// <summary>Begins to connect, in the background.</summary>
    public MqttSink(MqttSettings settings, SinkContext context) : base(settings, settings.Feed, context)
    {
        _settings = settings;
        byte[] Under(string last) => Encoding.UTF8.GetBytes($"{settings.Topic}/{last}");
        (_statusTopic, _topicStart) = (Under(MqttSettings.StatusTopic), Under(""));
        Start();
    }

    /// <inheritdoc/>
    protected override long Held => _window.Count;

    /// <inheritdoc/>
    protected override bool Deliver(SinkItem item)
    {
        if (_connection is not { Over: null } connection) return false;
        _picture ??= TakePicture(item);
        // Before the event, so that whoever hears the event finds its picture.
        if (_picture is not null)
        {
            if (!TryPublish(connection, Topic(PictureTopic, item), _picture, _settings.IsRetained, isItem: false)) return false;
            _picture = null;
            if (_connection != connection) return false;
        }

        return item.Kind is SinkItemKind.Event
            ? TryPublish(connection, Topic(RuleTopic, item), item.Json, _settings.IsRetained, isItem: true)
            : TryPublish(connection, Topic(ResultTopic, item), item.Json, isRetained: false, isItem: true);
    }

    private bool TryPublish(MqttConnection connection, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool isRetained, bool isItem)
    {
        if (_settings.Qos == 1)
        {
            if (_window.Add(topic, payload, isRetained, isItem, Context.Time.Now()) is not { } kept) return false;
            TryWrite(connection, kept.Span);
            return true; // the window sends it again
        }

        _packet.ResetWrittenCount();
        MqttPacket.Publish(_packet, topic, payload, 0, isRetained);
        bool isWritten = TryWrite(connection, _packet.WrittenSpan);
        GiveBackMuch();
        if (isWritten && isItem) Counters.Delivered(1);
        return isWritten;
    }

    /// <inheritdoc/>
    protected override TimeSpan? Idle(bool isEmpty)
    {
        if (_connection is { Over: { } why }) Lose(why);
        var now = Context.Time.Now();
        if (_connection is not { } connection)
        {
            if (IsStopping) return null;
            if (now < _tryAt) return _tryAt - now;
            Connect();
            return TimeSpan.Zero;
        }

        if (_isPingAnswered) (_isPingAnswered, _pinged) = (false, null);
        if (now - _pinged >= AnswerTime) return Lose("the broker does not answer a ping");
        if (now - _window.OldestSent >= AnswerTime) return Lose("the broker does not acknowledge a message");
        var pingEvery = _settings.KeepAlive / 2;
        if (_pinged is null && now - _sent >= pingEvery)
        {
            _pinged = now;
            if (!TryWrite(connection, MqttPacket.Ping)) return TimeSpan.Zero;
        }

        var next = _pinged + AnswerTime ?? _sent + pingEvery;
        return (_window.OldestSent + AnswerTime < next ? _window.OldestSent!.Value + AnswerTime : next) - now;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        if (_connection is { } connection)
        {
            _packet.ResetWrittenCount();
            MqttPacket.Publish(_packet, _statusTopic, "offline"u8, 0, isRetained: true);
            _packet.Write(MqttPacket.Disconnect);
            TryWrite(connection, _packet.WrittenSpan);
            connection.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void Interrupt()
    {
        _abort.Cancel();
        _connection?.Dispose();
    }

    private void Connect()
    {
        try
        {
            string? password = SecretFile.FirstLine(_settings.PasswordFile);
            byte[] connect = MqttPacket.Connect(_settings.ClientId, _settings.KeepAlive, _statusTopic, "offline"u8, _settings.User, password);
            _connection = MqttConnection.Open(_settings, connect, Heard, Wake, _abort.Token);
        }
        catch (IOException e)
        {
            Failed(e.Message);
            return;
        }

        _backoff.Reset();
        (_pinged, _isPingAnswered) = (null, false);
        Counters.Works();
        _packet.ResetWrittenCount();
        Announce();
        MqttPacket.Publish(_packet, _statusTopic, "online"u8, 0, isRetained: true);
        _packet.Write(_window.SentBefore(Context.Time.Now()));
        TryWrite(_connection, _packet.WrittenSpan);
        GiveBackMuch();
    }

    private void GiveBackMuch()
    {
        if (_packet.Capacity > MostKeptBytes) _packet = new ArrayBufferWriter<byte>(1024);
    }

    // Retained, so that Home Assistant finds it whenever it starts.
    private void Announce()
    {
        if (_settings.HomeAssistant is null) return;
        var announced = new AnnouncedComponents(Path.Combine(Context.StateFolder, $"mqtt-{_settings.Name}.announced"));
        string topic = HomeAssistant.Topic(_settings);
        string[] components = [.. HomeAssistant.Components(_settings)];
        if (announced.FormerTopic(topic) is { } former) MqttPacket.Publish(_packet, Encoding.UTF8.GetBytes(former), [], 0, isRetained: true);
        byte[] announcement = HomeAssistant.Announcement(_settings, announced.Under(topic).Except(components));
        MqttPacket.Publish(_packet, Encoding.UTF8.GetBytes(topic), announcement, 0, isRetained: true);
        try
        {
            announced.Keep(topic, components);
        }
        catch (EdgeException e)
        {
            Context.Log.Warning("what was announced to Home Assistant cannot be noted", ("output", _settings.Name), ("reason", e.Message));
        }
    }

    private void Heard(ushort? acknowledged)
    {
        if (acknowledged is not { } id) _isPingAnswered = true;
        else if (_window.Acknowledge(id)) Counters.Delivered(1);
        Wake();
    }

    private bool TryWrite(MqttConnection connection, ReadOnlySpan<byte> packets)
    {
        try
        {
            connection.Write(packets);
            _sent = Context.Time.Now();
            return true;
        }
        catch (IOException e)
        {
            Lose(connection.Over ?? e.Message);
            return false;
        }
    }

    private TimeSpan Lose(string why)
    {
        _connection?.Dispose();
        _connection = null;
        Failed($"{_settings.Host}:{_settings.Port}: {why}");
        return TimeSpan.Zero;
    }

    private void Failed(string why)
    {
        Counters.Failed(why);
        _tryAt = Context.Time.Now() + _backoff.Next();
    }

    // Under the camera, if it has a name; of an event with its rule.
    private ReadOnlySpan<byte> Topic(byte[] last, SinkItem item)
    {
        _topic.ResetWrittenCount();
        _topic.Write(_topicStart);
        if (item.Camera is { Length: > 0 } camera)
        {
            _topic.Write(camera);
            _topic.Write("/"u8);
        }

        _topic.Write(last);
        if (item.Kind is SinkItemKind.Result) return _topic.WrittenSpan;
        _topic.Write("/"u8);
        var rule = item.Rule;
        var name = _topic.GetSpan(rule.Length);
        for (int i = 0; i < rule.Length; i++) name[i] = MqttSettings.IsSpecial(rule[i]) ? (byte)'_' : rule[i];
        _topic.Advance(rule.Length);
        return _topic.WrittenSpan;
    }
}
