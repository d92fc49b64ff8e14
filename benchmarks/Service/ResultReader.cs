using System.Net.Sockets;
using System.Text.Json;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>Reads a service's UNIX socket on a thread of its own and counts what came: every result once and in order, every event.</summary>
internal sealed class ResultReader : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread _thread;

    /// <summary>Connects.</summary>
    public ResultReader(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _thread = new Thread(Read) { IsBackground = true, Name = "reading results" };
        _thread.Start();
    }

    /// <summary>Results that came.</summary>
    public long Results { get; private set; }

    /// <summary>Results that were not the one after the last.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Rules turned on.</summary>
    public long TurnedOn { get; private set; }

    /// <summary>Rules turned off.</summary>
    public long TurnedOff { get; private set; }

    /// <summary>Waits for the service to close the socket.</summary>
    public void WaitForEnd() => _thread.Join();

    public void Dispose() => _socket.Dispose();

    private void Read()
    {
        using var stream = new NetworkStream(_socket);
        using var lines = new StreamReader(stream);
        long last = 0;
        while (lines.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.GetProperty("event").GetString() == "result")
            {
                long frame = root.GetProperty("frame").GetInt64();
                if (frame != last + 1) OutOfOrder++;
                last = frame;
                Results++;
            }
            else if (root.GetProperty("on").GetBoolean())
            {
                TurnedOn++;
            }
            else
            {
                TurnedOff++;
            }
        }
    }
}
