using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// A camera of the network: gives each request, with its headers, to the test, and sends what the
/// test answers; an answer with a body of its own length keeps the connection.
/// </summary>
internal sealed class FakeHttpCamera : FakeHttpServer
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Func<string, byte[]> _answer;

    /// <param name="answer">Bytes of the answer to a request, head and body.</param>
    public FakeHttpCamera(Func<string, byte[]> answer)
    {
        _answer = answer;
        Start();
    }

    /// <summary>Address and port.</summary>
    public string Address => EndPoint.ToString();

    /// <summary>What it was asked, oldest first.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>A head without a body.</summary>
    public static byte[] Head(string status, params string[] headers) =>
        Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Content-Length: 0\r\n\r\n");

    /// <summary>A stream that begins with these bytes.</summary>
    public static byte[] Stream(byte[] body) => [.. "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"u8, .. body];

    protected override bool Answer(string head, NetworkStream stream)
    {
        _requests.Enqueue(head);
        stream.Write(_answer(head));
        return true;
    }
}
