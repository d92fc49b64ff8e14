using System.Buffers.Text;
using System.Net.Sockets;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>Reads a service's UNIX socket on a thread of its own and counts what came: every result once and in order, every event.</summary>
internal sealed class ResultReader : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly object _turn = new();
    private readonly Thread _thread;
    private long _last;
    private bool _hasEnded;

    /// <summary>Connects to the service's socket of results.</summary>
    public ResultReader(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _thread = new Thread(Read) { IsBackground = true, Name = "reading results" };
        _thread.Start();
    }

    /// <summary>Results that came.</summary>
    public long Results { get; private set; }

    /// <summary>Results that were not the one after the last, and lines that are neither result nor rule.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Rules turned on.</summary>
    public long TurnedOn { get; private set; }

    /// <summary>Rules turned off.</summary>
    public long TurnedOff { get; private set; }

    /// <summary>Waits until so many results came.</summary>
    /// <returns>False when they did not come in time, or the service closed the socket.</returns>
    public bool WaitFor(long results, TimeSpan timeout)
    {
        lock (_turn)
        {
            while (Results < results && !_hasEnded)
            {
                if (!Monitor.Wait(_turn, timeout)) return false;
            }

            return Results >= results;
        }
    }

    /// <summary>Waits for the service to close the socket.</summary>
    public void WaitForEnd() => _thread.Join();

    public void Dispose() => _socket.Dispose();

    private void Read()
    {
        var buffer = new byte[1 << 16];
        int kept = 0;
        while (_socket.Receive(buffer.AsSpan(kept)) is var received and > 0)
        {
            var text = buffer.AsSpan(0, kept + received);
            lock (_turn)
            {
                for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text[(end + 1)..]) Take(text[..end]);
                Monitor.PulseAll(_turn);
            }

            text.CopyTo(buffer);
            kept = text.Length;
        }

        lock (_turn)
        {
            _hasEnded = true;
            Monitor.PulseAll(_turn);
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
