using System.Buffers.Text;
using System.Net.Sockets;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>Reads a service's UNIX socket on a thread of its own and counts what came: every result once and in order, every event.</summary>
internal sealed class ResultReader : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread _thread;
    private long _last;

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

    // Allocates nothing, so that what the process allocates is the service's.
    private void Read()
    {
        var buffer = new byte[1 << 20];
        int kept = 0;
        while (_socket.Receive(buffer.AsSpan(kept)) is var received and > 0)
        {
            var text = buffer.AsSpan(0, kept + received);
            for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text[(end + 1)..]) Take(text[..end]);
            text.CopyTo(buffer);
            kept = text.Length;
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("{\"event\":\"result\",\"frame\":"u8))
        {
            if (!Utf8Parser.TryParse(line["{\"event\":\"result\",\"frame\":"u8.Length..], out long frame, out _) || frame != _last + 1) OutOfOrder++;
            _last = frame;
            Results++;
        }
        else if (line.IndexOf("\"on\":true"u8) >= 0)
        {
            TurnedOn++;
        }
        else if (line.IndexOf("\"on\":false"u8) >= 0)
        {
            TurnedOff++;
        }
        else
        {
            OutOfOrder++;
        }
    }
}
