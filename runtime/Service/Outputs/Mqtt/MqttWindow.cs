using System.Buffers;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>Messages of quality 1 that were sent and not acknowledged yet, in order. For two threads: one adds, one acknowledges.</summary>
internal sealed class MqttWindow
{
    /// <summary>Most messages that wait for an acknowledgement at once.</summary>
    public const int Most = 16;

    private const int MostKeptBytes = 64 << 10; // of a message's memory; a picture's is given back
    private readonly Lock _turn = new();
    private readonly List<Message> _waiting = new(Most);
    private readonly Stack<Message> _free = new(Enumerable.Range(0, Most).Select(_ => new Message()));
    private ushort _lastId;

    /// <summary>Messages that wait.</summary>
    public int Count
    {
        get
        {
            lock (_turn) return _waiting.Count;
        }
    }

    /// <summary>When the one that waits longest was sent; null: none waits.</summary>
    public TimeSpan? OldestSent
    {
        get
        {
            lock (_turn) return _waiting.Count == 0 ? null : _waiting.Min(m => m.Sent);
        }
    }

    /// <summary>Takes a message up.</summary>
    /// <param name="topic">UTF-8.</param>
    /// <param name="payload">The message.</param>
    /// <param name="isRetained">The broker keeps it.</param>
    /// <param name="isItem">It is an item that the output was given, not a picture that goes before one.</param>
    /// <param name="now">On the monotonic clock.</param>
    /// <returns>Its packet, to be sent; null: the window is full.</returns>
    public ReadOnlyMemory<byte>? Add(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool isRetained, bool isItem, TimeSpan now)
    {
        lock (_turn)
        {
            if (!_free.TryPop(out var message)) return null;
            do
            {
                _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);
            }
            while (_waiting.Exists(m => m.Id == _lastId));
            (message.Id, message.Sent, message.IsItem) = (_lastId, now, isItem);
            message.Packet.ResetWrittenCount();
            MqttPacket.Publish(message.Packet, topic, payload, _lastId, isRetained);
            _waiting.Add(message);
            return message.Packet.WrittenMemory;
        }
    }

    /// <summary>A message arrived.</summary>
    /// <returns>Whether it was an item; false too when no message of that number waits.</returns>
    public bool Acknowledge(ushort id)
    {
        lock (_turn)
        {
            int at = _waiting.FindIndex(m => m.Id == id);
            if (at < 0) return false;
            var message = _waiting[at];
            _waiting.RemoveAt(at);
            _free.Push(message.Packet.Capacity <= MostKeptBytes ? message : new Message());
            return message.IsItem;
        }
    }

    /// <summary>The packets of all that wait, in order and marked as sent before, for a new connection.</summary>
    public byte[] SentBefore(TimeSpan now)
    {
        lock (_turn)
        {
            var all = new ArrayBufferWriter<byte>();
            foreach (var message in _waiting)
            {
                message.Sent = now;
                var packet = message.Packet.WrittenSpan;
                all.Write([(byte)(packet[0] | MqttPacket.DupFlag)]);
                all.Write(packet[1..]);
            }

            return all.WrittenSpan.ToArray();
        }
    }

    private sealed class Message
    {
        public ushort Id { get; set; }

        public TimeSpan Sent { get; set; }

        public bool IsItem { get; set; }

        public ArrayBufferWriter<byte> Packet { get; } = new(512);
    }
}
