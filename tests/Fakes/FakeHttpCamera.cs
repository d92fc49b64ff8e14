using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>A camera of the network: gives each request, with its headers, to the test, and sends what the test answers; an answer with a body of its own length keeps the connection.</summary>
internal sealed class FakeHttpCamera : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Func<string, byte[]> _answer;

    /// <param name="answer">Bytes of the answer to a request, head and body.</param>
    public FakeHttpCamera(Func<string, byte[]> answer)
    {
        _answer = answer;
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    /// <summary>Address and port.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>What it was asked, oldest first.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>A head without a body.</summary>
    public static byte[] Head(string status, params string[] headers) => Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Content-Length: 0\r\n\r\n");

    /// <summary>A stream that begins with these bytes.</summary>
    public static byte[] Stream(byte[] body) => [.. "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"u8, .. body];

    public void Dispose()
    {
        _listener.Stop();
        foreach (var socket in _sockets) socket.Dispose();
    }

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
            while (true)
            {
                var head = new StringBuilder();
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    int c = stream.ReadByte();
                    if (c < 0) return;
                    head.Append((char)c);
                }

                _requests.Enqueue(head.ToString());
                stream.Write(_answer(head.ToString()));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return; // the client went, or the test
        }
    }
}
