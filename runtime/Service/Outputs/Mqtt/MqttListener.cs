using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>
/// A connection to a broker that subscribes to topics, and is made again whenever it is lost. Quality 0 both ways. A thread of its own keeps it;
/// messages come on the connection's reading thread.
/// </summary>
internal sealed class MqttListener : IDisposable
{
    private const int MostAnswers = 16; // more while the broker is away
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10); // of the broker, for a ping
    private readonly MqttSettings _broker;
    private readonly IReadOnlyList<string> _topics;
    private readonly byte[] _statusTopic;
    private readonly MqttMessageHandler _received;
    private readonly Action<string?> _trouble;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), jitter: 0.5);
    private readonly ConcurrentQueue<(byte[] Topic, ReadOnlyMemory<byte> Payload)> _answers = new();
    private readonly ArrayBufferWriter<byte> _packet = new(1024);
    private readonly ManualResetEventSlim _wake = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Thread _thread;
    private volatile bool _isStopping, _isPingAnswered;

    /// <summary>Begins to connect.</summary>
    /// <param name="broker">And how it is reached.</param>
    /// <param name="topics">That are subscribed to.</param>
    /// <param name="statusTopic">Is told <c>online</c> and <c>offline</c>; null: none, and the broker remembers nothing of this client.</param>
    /// <param name="received">Gets messages.</param>
    /// <param name="trouble">Gets a sentence when it cannot be had, and null when it can; on the thread that keeps it.</param>
    /// <param name="time">Of all waits.</param>
    public MqttListener(
        MqttSettings broker, IReadOnlyList<string> topics, string? statusTopic, MqttMessageHandler received, Action<string?> trouble,
        TimeProvider time)
    {
        (_broker, _topics, _received, _trouble, _time) = (broker, topics, received, trouble, time);
        _statusTopic = Encoding.UTF8.GetBytes(statusTopic ?? "");
        _thread = new Thread(Work) { Name = $"listening {broker.Name}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Publishes a message soon; dropped when too many wait. From any thread.</summary>
    public void Publish(byte[] topic, ReadOnlyMemory<byte> payload)
    {
        if (_answers.Count < MostAnswers) _answers.Enqueue((topic, payload));
        _wake.Set();
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
                _trouble(null);
                Serve(connection);
            }
            catch (IOException e)
            {
                if (_isStopping) return;
                _trouble(e.Message);
                _wake.Reset();
                _time.Wait(_wake, _backoff.Next());
            }
        }
    }

    private MqttConnection Connect()
    {
        byte[] connect = MqttPacket.Connect(
            _broker.ClientId, _broker.KeepAlive, _statusTopic, "offline"u8, _broker.User, SecretFile.FirstLine(_broker.PasswordFile));
        var connection = MqttConnection.Open(_broker, connect, Heard, _wake.Set, _abort.Token, _received);
        try
        {
            _packet.ResetWrittenCount();
            for (int i = 0; i < _topics.Count; i++) MqttPacket.Subscribe(_packet, Encoding.UTF8.GetBytes(_topics[i]), (ushort)(i + 1));
            if (_statusTopic.Length > 0) MqttPacket.Publish(_packet, _statusTopic, "online"u8, 0, isRetained: true);
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
        var (sent, pingEvery) = (_time.Now(), _broker.KeepAlive / 2);
        TimeSpan? pinged = null;
        while (!_isStopping)
        {
            _wake.Reset();
            if (connection.Over is { } why) throw new IOException($"{_broker.Host}:{_broker.Port}: {why}");
            var now = _time.Now();
            _packet.ResetWrittenCount();
            while (_answers.TryDequeue(out var answer)) MqttPacket.Publish(_packet, answer.Topic, answer.Payload.Span, 0, isRetained: false);
            if (_isPingAnswered) (_isPingAnswered, pinged) = (false, null);
            if (now - pinged >= AnswerTime) throw new IOException($"{_broker.Host}:{_broker.Port}: the broker does not answer a ping");
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
            _time.Wait(_wake, next > TimeSpan.Zero ? next : TimeSpan.Zero);
        }

        _packet.ResetWrittenCount();
        if (_statusTopic.Length > 0) MqttPacket.Publish(_packet, _statusTopic, "offline"u8, 0, isRetained: true);
        _packet.Write(MqttPacket.Disconnect);
        connection.Write(_packet.WrittenSpan);
    }

    private void Heard(ushort? acknowledged)
    {
        if (acknowledged is null) _isPingAnswered = true;
        _wake.Set();
    }
}
