using System.Collections.Concurrent;
using System.Text;

namespace ResNetEdge.Service;

/// <summary>
/// Lines to stderr by a thread of their own: a reader that reads nothing, a pipe that is full or a disk that hangs keep nobody waiting but this
/// thread. What finds no room, or cannot be written, is dropped, and the next line that can be written is preceded by their number.
/// </summary>
internal sealed class LogPipe : TextWriter
{
    private const int MostLines = 1000;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);
    private readonly TextWriter _inner;
    private readonly BlockingCollection<string> _lines = new(MostLines);
    private readonly Thread _thread;
    private long _lost;
    private bool _isDisposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="inner">Where lines go; stays the caller's.</param>
    public LogPipe(TextWriter inner)
    {
        _inner = inner;
        _thread = new Thread(Work) { Name = "log", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public override Encoding Encoding => _inner.Encoding;

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        if (_lines.IsAddingCompleted || !_lines.TryAdd(value ?? "")) Interlocked.Increment(ref _lost);
    }

    /// <inheritdoc/>
    public override void Write(char value) => throw new NotSupportedException("whole lines only");

    /// <summary>Nothing to do: each line goes on by itself.</summary>
    public override void Flush()
    {
    }

    /// <summary>Lets what waits be written, for two seconds.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _lines.CompleteAdding();
            _thread.Join(DrainTime);
        }

        base.Dispose(disposing);
    }

    private void Work()
    {
        foreach (string line in _lines.GetConsumingEnumerable())
        {
            long lost = Interlocked.Read(ref _lost);
            try
            {
                if (lost > 0) _inner.WriteLine($"({lost} lines of this log could not be written)");
                Interlocked.Add(ref _lost, -lost);
                _inner.WriteLine(line);
                _inner.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }
}
