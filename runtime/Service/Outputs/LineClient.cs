using System.Net.Sockets;

namespace ResNetEdge.Service.Outputs;

/// <summary>One who reads lines from a socket. Nothing here waits: what the system does not take at once is kept, up to a limit.</summary>
/// <param name="socket">Connected; disposed with this.</param>
internal sealed class LineClient(Socket socket) : IDisposable
{
    private const int MostPending = 256 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly byte[] _heard = new byte[256];
    private byte[] _pending = []; // whole lines, the first of which may have been sent in part
    private int _length;
    private TimeSpan _behindSince;

    /// <summary>Lines wait for it.</summary>
    public bool IsBehind => _length > 0;

    /// <summary>Why it has to go; empty: it went by itself. Null: all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Sends a line, or keeps it.</summary>
    /// <returns>False: no room, the line is dropped.</returns>
    public bool Send(ReadOnlySpan<byte> line, TimeSpan now)
    {
        if (Trouble is not null || line.Length > MostPending) return false;
        if (_length > 0) Flush(now);
        if (_length == 0)
        {
            int sent = TrySend(line);
            line = line[sent..];
            if (line.IsEmpty || Trouble is not null) return line.IsEmpty;
            _behindSince = now;
        }

        if (_length + line.Length > MostPending) return false;
        if (_pending.Length < _length + line.Length) Array.Resize(ref _pending, Math.Min(MostPending, Math.Max(4096, (_length + line.Length) * 2)));
        line.CopyTo(_pending.AsSpan(_length));
        _length += line.Length;
        return true;
    }

    /// <summary>Sends what is kept, as far as it goes, and finds out whether it is gone.</summary>
    public void Flush(TimeSpan now)
    {
        if (Trouble is not null) return;
        Listen();
        if (_length == 0 || Trouble is not null) return;
        int sent = TrySend(_pending.AsSpan(0, _length));
        _pending.AsSpan(sent, _length - sent).CopyTo(_pending);
        _length -= sent;
        if (sent > 0) _behindSince = now;
        else if (now - _behindSince > Patience) Trouble ??= $"a client read nothing for {Patience.TotalSeconds:F0} s and was disconnected";
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        socket.Blocking = false;
        int sent = socket.Send(bytes, SocketFlags.None, out var error);
        if (error is SocketError.Success) return sent;
        if (error is not SocketError.WouldBlock) Trouble = "";
        return 0;
    }

    // Nothing is expected from it; what it says is thrown away, and its end is learnt.
    private void Listen()
    {
        socket.Blocking = false;
        for (int i = 0; i < 16 && Trouble is null; i++)
        {
            int got = socket.Receive(_heard, SocketFlags.None, out var error);
            if (error is SocketError.WouldBlock) return;
            if (error is not SocketError.Success || got == 0) Trouble = "";
        }
    }
}
