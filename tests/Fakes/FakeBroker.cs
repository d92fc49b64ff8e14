using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>An MQTT broker for one client at a time, that can be told to misbehave.</summary>
internal sealed class FakeBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Message> _messages = new();
    private readonly ConcurrentQueue<Client> _clients = new();
    private volatile Socket? _current;
    private int _acknowledged;
    private int _endings;

    public FakeBroker()
    {
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What answers CONNECT.</summary>
    public byte[]? Connack { get; set; } = [0x20, 2, 0, 0];

    /// <summary>So many messages of quality 1 are acknowledged, then the connection is dropped; more than any: never.</summary>
    public volatile int DropAfter = int.MaxValue;

    public volatile bool Acknowledges = true;

    public volatile bool AnswersPings = true;

    /// <summary>Sent in answer to the next PUBLISH.</summary>
    public volatile byte[]? Garbage;

    public IReadOnlyList<Message> Messages => [.. _messages];

    public IReadOnlyList<Client> Clients => [.. _clients];

    /// <summary>DISCONNECT packets received.</summary>
    public int Endings => Volatile.Read(ref _endings);

    public void Drop() => _current?.Dispose();

    public void Dispose()
    {
        _listener.Stop();
        Drop();
    }

    private void Serve()
    {
        while (true)
        {
            try
            {
                using var socket = _listener.AcceptSocket();
                _current = socket;
                Talk(new NetworkStream(socket));
            }
            catch (IOException)
            {
                continue; // the connection was dropped
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return; // the listener was stopped
            }
        }
    }

    private void Talk(NetworkStream stream)
    {
        while (true)
        {
            int type = stream.ReadByte();
            if (type < 0) return;
            int length = 0, shift = 0, part;
            do
            {
                part = stream.ReadByte();
                length |= (part & 0x7F) << shift;
                shift += 7;
            }
            while ((part & 0x80) != 0);
            var body = new byte[length];
            stream.ReadExactly(body);
            switch (type >> 4)
            {
                case 1:
                    _clients.Enqueue(new Client(body));
                    if (Connack is { } connack) stream.Write(connack);
                    break;
                case 3:
                    var message = new Message(type, body);
                    if (message.Qos == 1 && _acknowledged >= DropAfter)
                    {
                        DropAfter = int.MaxValue;
                        return;
                    }

                    _messages.Enqueue(message);
                    if (Interlocked.Exchange(ref Garbage, null) is { } garbage) stream.Write(garbage);
                    if (message.Qos == 1 && Acknowledges) Acknowledge(stream, message.Id);
                    break;
                case 12:
                    if (AnswersPings) stream.Write([0xD0, 0]);
                    break;
                case 14:
                    Interlocked.Increment(ref _endings);
                    return;
                default:
                    throw new IOException($"packet {type:x2}");
            }
        }
    }

    private void Acknowledge(NetworkStream stream, ushort id)
    {
        _acknowledged++;
        stream.Write([0x40, 2, (byte)(id >> 8), (byte)id]);
    }

    /// <summary>A PUBLISH.</summary>
    internal sealed record Message(string Topic, string Payload, int Qos, bool IsDup, bool IsRetained, ushort Id)
    {
        public Message(int type, byte[] body) : this("", "", (type >> 1) & 3, (type & 8) != 0, (type & 1) != 0, 0)
        {
            int topic = (body[0] << 8) | body[1], at = 2 + topic;
            Topic = Encoding.UTF8.GetString(body, 2, topic);
            if (Qos == 1) Id = (ushort)((body[at] << 8) | body[at + 1]);
            Payload = Encoding.UTF8.GetString(body.AsSpan(at + (Qos == 1 ? 2 : 0)));
        }
    }

    /// <summary>A CONNECT.</summary>
    internal sealed record Client(int Flags, int KeepAlive, IReadOnlyList<string> Texts)
    {
        public Client(byte[] body) : this(body[7], (body[8] << 8) | body[9], [])
        {
            Assert.Equal([0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4], body[..7]);
            var texts = new List<string>();
            for (int at = 10; at < body.Length;)
            {
                int length = (body[at] << 8) | body[at + 1];
                texts.Add(Encoding.UTF8.GetString(body, at + 2, length));
                at += 2 + length;
            }

            Texts = texts;
        }
    }
}
