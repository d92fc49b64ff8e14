using System.Net.Sockets;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// A listening UNIX socket. It is made under another name with its permissions and then renamed, so that nobody connects before they
/// stand, and a socket that a run before left behind is replaced in one step; anything else at that path stays and is refused.
/// </summary>
internal sealed class UnixListener : IDisposable
{
    private readonly Socket _socket;
    private readonly string _path;
    private readonly FileFacts _file;

    /// <summary>Begins to listen.</summary>
    /// <param name="path">Of the socket.</param>
    /// <param name="mode">Its permissions.</param>
    /// <exception cref="EdgeException">Exit 3: something else lies at that path. Exit 5: somebody
    /// listens there, or there is no permission.</exception>
    public UnixListener(string path, UnixFileMode mode)
    {
        _path = Path.GetFullPath(path);
        switch (FileFacts.Of(_path, follows: false).Kind)
        {
            case FileKind.Missing:
                break;
            case FileKind.Socket when !Answers(_path):
                break;
            case FileKind.Socket:
                throw EdgeException.Unavailable($"'{path}': another program is listening there");
            default:
                throw EdgeException.BadInput($"'{path}' the file is not a socket and was left alone; remove it or choose another path");
        }

        string made = _path + ".tmp" + Environment.ProcessId % 100_000;
        _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.Delete(made);
            _socket.Bind(new UnixDomainSocketEndPoint(made));
            File.SetUnixFileMode(made, mode);
            _file = FileFacts.Of(made, follows: false);
            _socket.Listen(16);
            _socket.Blocking = false;
            File.Move(made, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            _socket.Dispose();
            File.Delete(made);
            throw EdgeException.Unavailable($"'{path}': the socket cannot be created: {e.Message}", e);
        }
    }

    /// <summary>To wait for who wants to connect.</summary>
    public Socket Socket => _socket;

    /// <summary>The next one who wants to connect; null: nobody.</summary>
    public Socket? Accept()
    {
        try
        {
            // Asked first: an accept with nobody there throws, and this is asked for every line.
            return _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) ? _socket.Accept() : null;
        }
        catch (SocketException)
        {
            return null; // nobody, or gone already, or out of descriptors: all of it is looked at again soon
        }
    }

    /// <summary>Stops listening and removes the socket, unless it is another's by now.</summary>
    public void Dispose()
    {
        if (FileFacts.Of(_path, follows: false) == _file) File.Delete(_path);
        _socket.Dispose();
    }

    private static bool Answers(string path)
    {
        using var asking = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            asking.Blocking = false; // a full backlog is an answer too
            asking.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
        }
    }
}
