using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>A web server that keeps what is posted to it and answers as it is told.</summary>
internal sealed class FakeWebServer : FakeHttpServer
{
    private readonly ConcurrentQueue<Post> _posts = new();
    private readonly ConcurrentQueue<string> _answers = new();

    public FakeWebServer() => Start();

    public Uri Url => new($"http://127.0.0.1:{EndPoint.Port}/hook?x=1");

    public IReadOnlyList<Post> Posts => [.. _posts];

    /// <summary>
    /// Answers for the next posts: status lines with headers after them, <c>silence</c>, <c>drop</c> or bytes of any kind. Afterwards <c>204</c>.
    /// </summary>
    public void Answer(params string[] answers)
    {
        foreach (string answer in answers) _answers.Enqueue(answer);
    }

    protected override bool Answer(string head, NetworkStream stream)
    {
        string[] lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"])];
        stream.ReadExactly(body);
        _posts.Enqueue(new Post(lines[0], headers, body));
        string answer = _answers.TryDequeue(out string? told) ? told : "HTTP/1.1 204 No Content\r\n\r\n";
        if (answer == "drop") return false;
        if (answer == "silence") stream.ReadByte();
        stream.Write(Encoding.Latin1.GetBytes(answer));
        return true;
    }

    /// <summary>A request.</summary>
    internal sealed record Post(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }
}
