using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Triggers;

/// <summary>
/// Asks for each message on a topic, and publishes the answers. Quality 0 both ways: a request that was lost is asked again by whoever misses the
/// answer. A retained message is none: the broker would send it at each connection.
/// </summary>
internal sealed class MqttTrigger : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10); // of the broker, for a ping
    private readonly MqttTriggerSettings _settings;
    private readonly TriggerContext _context;
    private readonly TriggerTrouble _trouble;
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), jitter: 0.5);
    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _answers = new();
    private readonly ArrayBufferWriter<byte> _packet = new(1024);
    private readonly byte[] _topic, _seenTopic, _statusTopic;
    private readonly ManualResetEventSlim _wake = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Thread _thread;
    private volatile bool _isStopping, _isPingAnswered;

    /// <summary>Begins to connect.</summary>
    public MqttTrigger(MqttTriggerSettings settings, TriggerContext context)
    {
        (_settings, _context) = (settings, context);
        string topic = settings.Broker.Topic;
        (_topic, _seenTopic, _statusTopic) = (Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes($"{topic}/seen"),
            Encoding.UTF8.GetBytes($"{topic}/status"));
        _trouble = new TriggerTrouble(settings.Name, context.Log);
        _thread = new Thread(Work) { Name = $"trigger {settings.Name}", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isStopping) return;
        _isStopping = true;
        _abort.Cancel();
        _wake.Set();
        _thread.Join(QueuedSink.DrainTime);
    }

    private void Work()
    {
        while (!_isStopping)
        {
            try
            {
                using var connection = Connect();
                _backoff.Reset();
                _trouble.Works();
                Serve(connection);
            }
            catch (IOException e)
            {
                if (_isStopping) return;
                _trouble.Fails(e.Message);
                _wake.Reset();
                _context.Time.Wait(_wake, _backoff.Next());
            }
        }
    }

    private MqttConnection Connect()
    {
        var broker = _settings.Broker;
        byte[] connect = MqttPacket.Connect(
            broker.ClientId, broker.KeepAlive, _statusTopic, "offline"u8, broker.User, SecretFile.FirstLine(broker.PasswordFile));
        var connection = MqttConnection.Open(broker, connect, Heard, _wake.Set, _abort.Token, Received);
        try
        {
            _packet.ResetWrittenCount();
            MqttPacket.Subscribe(_packet, _topic);
            MqttPacket.Publish(_packet, _statusTopic, "online"u8, 0, isRetained: true);
            connection.Write(_packet.WrittenSpan);
            return connection;
        }
        catch (IOException)
        {
            connection.Dispose();
            throw;
        }
    }

    private void Serve(MqttConnection connection)
    {
        var (sent, pingEvery) = (_context.Time.Now(), _settings.Broker.KeepAlive / 2);
        TimeSpan? pinged = null;
        while (!_isStopping)
        {
            _wake.Reset();
            if (connection.Over is { } why) throw new IOException($"{_settings.Broker.Host}:{_settings.Broker.Port}: {why}");
            var now = _context.Time.Now();
            _packet.ResetWrittenCount();
            while (_answers.TryDequeue(out var answer)) MqttPacket.Publish(_packet, _seenTopic, answer.Span, 0, isRetained: false);
            if (_isPingAnswered) (_isPingAnswered, pinged) = (false, null);
            if (now - pinged >= AnswerTime) throw new IOException($"{_settings.Broker.Host}:{_settings.Broker.Port}: the broker does not answer "
                + "a ping");
            if (pinged is null && now - sent >= pingEvery)
            {
                pinged = now;
                _packet.Write(MqttPacket.Ping);
            }

            if (_packet.WrittenCount > 0)
            {
                connection.Write(_packet.WrittenSpan);
                sent = now;
            }

            var next = (pinged + AnswerTime ?? sent + pingEvery) - now;
            _context.Time.Wait(_wake, next > TimeSpan.Zero ? next : TimeSpan.Zero);
        }

        _packet.ResetWrittenCount();
        MqttPacket.Publish(_packet, _statusTopic, "offline"u8, 0, isRetained: true);
        _packet.Write(MqttPacket.Disconnect);
        connection.Write(_packet.WrittenSpan);
    }

    private void Heard(ushort? acknowledged)
    {
        if (acknowledged is null) _isPingAnswered = true;
        _wake.Set();
    }

    private void Received(ReadOnlySpan<byte> topic, bool isRetained)
    {
        if (isRetained || !topic.SequenceEqual(_topic)) return;
        var request = new LookRequest(_settings.Name, _context.Time.Now(), Answer);
        if (!_context.Queue.Ask(request)) Answer(LookAnswer.Of(request, TimeSpan.Zero, 0, [], [], "too many requests wait"));
    }

    private void Answer(ReadOnlyMemory<byte> json)
    {
        if (_answers.Count < LookQueue.Most) _answers.Enqueue(json); // more while the broker is away
        _wake.Set();
    }
}
