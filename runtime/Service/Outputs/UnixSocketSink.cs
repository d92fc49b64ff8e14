using System.Net.Sockets;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// JSON lines to whoever is connected to a UNIX socket. At most once: a client gets what comes after it connected; one that reads too slowly
/// loses whole lines, which are counted, and is turned away when it reads nothing for ten seconds.
/// </summary>
internal sealed class UnixSocketSink : QueuedSink
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100); // for new clients and those that are gone
    private static readonly TimeSpan LookAtSlow = TimeSpan.FromMilliseconds(10); // for room in the system's own buffers
    private readonly UnixListener _listener;
    private readonly int _maxClients;
    private readonly List<LineClient> _clients = [];
    private byte[] _line = new byte[4096];
    private int _behind; // clients that lines wait for

    /// <summary>Begins to listen.</summary>
    /// <exception cref="EdgeException">As for <see cref="UnixListener"/>.</exception>
    public UnixSocketSink(UnixSocketSettings settings, SinkContext context) : base(settings, settings.Feed, context)
    {
        _maxClients = settings.MaxClients;
        _listener = new UnixListener(settings.Path, settings.Mode);
        Start();
    }

    /// <inheritdoc/>
    protected override long Held => Volatile.Read(ref _behind);

    /// <inheritdoc/>
    protected override bool Deliver(SinkItem item)
    {
        TakeNew();
        int length = item.Json.Length + 1;
        if (_line.Length < length) _line = new byte[length * 2];
        item.Json.CopyTo(_line);
        _line[length - 1] = (byte)'\n';
        int got = 0;
        foreach (var client in _clients) got += client.Send(_line.AsSpan(0, length), Context.Time.Now()) ? 1 : 0;
        Counters.Dropped(_clients.Count - got);
        if (got > 0) Counters.Delivered(1);
        RemoveGone();
        return true;
    }

    /// <inheritdoc/>
    protected override TimeSpan? Idle(bool isEmpty)
    {
        TakeNew();
        foreach (var client in _clients) client.Flush(Context.Time.Now());
        RemoveGone();
        Volatile.Write(ref _behind, _clients.Count(c => c.IsBehind));
        return _behind > 0 ? LookAtSlow : Look;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        _listener.Dispose();
        foreach (var client in _clients) client.Dispose();
    }

    private void TakeNew()
    {
        while (_listener.Accept() is { } socket)
        {
            if (_clients.Count < _maxClients) _clients.Add(new LineClient(socket));
            else Refuse(socket);
        }
    }

    private void Refuse(Socket socket)
    {
        socket.Dispose();
        Counters.Refused($"there are {_maxClients} clients already; another one was turned away");
    }

    private void RemoveGone()
    {
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            if (_clients[i].Trouble is not { } trouble) continue;
            if (trouble.Length > 0) Counters.Refused(trouble);
            _clients[i].Dispose();
            _clients.RemoveAt(i);
        }
    }
}
