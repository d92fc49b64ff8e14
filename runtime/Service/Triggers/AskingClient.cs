using System.Net.Sockets;

namespace ResNetEdge.Service.Triggers;

/// <summary>One who asks by a socket. The trigger's thread reads, frame threads answer; none waits for it.</summary>
/// <param name="socket">Connected; disposed with this.</param>
internal sealed class AskingClient(Socket socket) : IDisposable
{
    private const int LongestLine = 256;
    private readonly Lock _turn = new();
    private readonly byte[] _heard = new byte[LongestLine];
    private int _lineLength;
    private int _owed; // answers
    private bool _isGone;

    /// <summary>To wait for what it writes.</summary>
    public Socket Socket => socket;

    /// <summary>It may still write: its end was not seen.</summary>
    public bool MayWrite { get; private set; } = true;

    /// <summary>It is gone, or wrote its last line and has all answers.</summary>
    public bool IsDone
    {
        get
        {
            lock (_turn) return _isGone || (!MayWrite && _owed == 0);
        }
    }

    /// <summary>Reads what it wrote.</summary>
    /// <returns>Whole lines, for each of which answers are owed.</returns>
    public int Read()
    {
        socket.Blocking = false;
        int got = socket.Receive(_heard, SocketFlags.None, out var error);
        if (error is SocketError.WouldBlock) return 0;
        int lines = 0;
        foreach (byte c in _heard.AsSpan(0, error is SocketError.Success ? got : 0))
        {
            if (c != '\n') _lineLength++;
            else (lines, _lineLength) = (lines + 1, 0);
        }

        lock (_turn)
        {
            MayWrite = error is SocketError.Success && got > 0;
            _isGone |= error is not SocketError.Success || _lineLength > LongestLine;
        }

        return lines;
    }

    /// <summary>Notes that answers will come, or, with a negative number, that they will not; until they have, the connection stays.</summary>
    public void Owe(int answers)
    {
        lock (_turn) _owed += answers;
    }

    /// <summary>Sends an answer; a client that has no room for it is given up.</summary>
    /// <param name="json">One object.</param>
    public void Answer(ReadOnlyMemory<byte> json)
    {
        byte[] line = [.. json.Span, (byte)'\n'];
        lock (_turn)
        {
            _owed--;
            if (_isGone) return;
            int sent = socket.Send(line, SocketFlags.None, out var error);
            _isGone = error is not SocketError.Success || sent < line.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn)
        {
            _isGone = true;
            socket.Dispose();
        }
    }
}
