using System.Net.Sockets;
using System.Text;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Fakes;

/// <summary>A service manager that listens and keeps what it hears.</summary>
internal sealed class FakeManager : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };

    public FakeManager(string? path = null)
    {
        Path = path ?? _folder["notify"];
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
    }

    public string Path { get; }

    public List<string> Received()
    {
        var messages = new List<string>();
        var buffer = new byte[4096];
        while (_socket.Poll(0, SelectMode.SelectRead)) messages.Add(Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer)));
        return messages;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
