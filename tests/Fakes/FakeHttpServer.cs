using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Listens on a port of this machine and reads the heads of requests; what is answered is the test server's own.</summary>
internal abstract class FakeHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];

    /// <summary>Where it listens; known once it was started.</summary>
    protected IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose()
    {
        _listener.Stop();
        foreach (var socket in _sockets) socket.Dispose();
    }

    /// <summary>Begins to listen; the last thing that a constructor does.</summary>
    protected void Start()
    {
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    /// <summary>Answers a request; on a thread of the connection.</summary>
    /// <param name="head">Request line and headers, with the empty line.</param>
    /// <param name="stream">Behind the head.</param>
    /// <returns>Whether the connection goes on.</returns>
    protected abstract bool Answer(string head, NetworkStream stream);

    private void Serve()
    {
        while (true)
        {
            try
            {
                var socket = _listener.AcceptSocket();
                _sockets.Add(socket);
                new Thread(() => Talk(socket)) { IsBackground = true }.Start();
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return; // the listener was stopped
            }
        }
    }

    private void Talk(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            while (Head(stream) is { } head && Answer(head, stream))
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return; // the client went, or the test
        }
    }

    private static string? Head(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int c = stream.ReadByte();
            if (c < 0) return null;
            head.Append((char)c);
        }

        return head.ToString();
    }
}
