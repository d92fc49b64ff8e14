using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>A web server that keeps what is posted to it and answers as it is told.</summary>
internal sealed class FakeWebServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Post> _posts = new();
    private readonly ConcurrentQueue<string> _answers = new();
    private readonly ConcurrentBag<Socket> _sockets = [];

    public FakeWebServer()
    {
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook?x=1");

    public IReadOnlyList<Post> Posts => [.. _posts];

    /// <summary>Answers for the next posts: status lines with headers after them, <c>silence</c>, <c>drop</c> or bytes of any kind. Afterwards <c>204</c>.</summary>
    public void Answer(params string[] answers)
    {
        foreach (string answer in answers) _answers.Enqueue(answer);
    }

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

                string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
                var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
                var body = new byte[int.Parse(headers["Content-Length"])];
                stream.ReadExactly(body);
                _posts.Enqueue(new Post(lines[0], headers, body));
                string answer = _answers.TryDequeue(out string? told) ? told : "HTTP/1.1 204 No Content\r\n\r\n";
                if (answer == "drop") return;
                if (answer == "silence") stream.ReadByte();
                stream.Write(Encoding.Latin1.GetBytes(answer));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return; // the client went, or the test
        }
    }

    /// <summary>A request.</summary>
    internal sealed record Post(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }
}
