namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// Keeps a core that another process uses out of inferences for a while: a step is as slow as its slowest part, so that a core with half its
/// time costs more than it gives. Counts inferences and not time.
/// </summary>
internal struct CoreRest
{
    /// <summary>Held up in so many of the last <see cref="Window"/> inferences, a core rests.</summary>
    public const int Limit = 3;

    /// <summary>Inferences that are looked back at.</summary>
    public const int Window = 8;

    /// <summary>Inferences of the first rest; each that follows without <see cref="Window"/> good inferences in between is twice as long.</summary>
    public const int Shortest = 32;

    /// <summary>Inferences of the longest rest.</summary>
    public const int Longest = 1024;

    private uint _history; // One bit for each of the last inferences: held up.
    private int _left, _length, _good;

    /// <summary>It takes no part.</summary>
    public readonly bool IsResting => _left > 0;

    /// <summary>An inference went by in which it rested.</summary>
    public void Skip() => _left--;

    /// <summary>An inference in which it took part.</summary>
    public void Note(bool wasHeldUp)
    {
        _history = ((_history << 1) | (wasHeldUp ? 1u : 0)) & ((1u << Window) - 1);
        _good = wasHeldUp ? 0 : Math.Min(_good + 1, Window);
        if (_good == Window)
            _length = 0;
        if (System.Numerics.BitOperations.PopCount(_history) < Limit)
            return;
        _length = _length == 0 ? Shortest : Math.Min(_length * 2, Longest);
        (_left, _history) = (_length, 0);
    }
}
