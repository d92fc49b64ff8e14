using System.Globalization;
using System.Text;
using ResNetEdge.Device;

namespace ResNetEdge.Service;

/// <summary>
/// One line an event, for people and for grep: a sentence, then <c>key=value</c> pairs. To the journal each line begins with its priority
/// (<c>&lt;4&gt;</c>), which journald takes off; to a terminal with the time. What repeats is written ever more rarely, with the number of lines left
/// out (<see cref="LogThrottle"/>). A reader that is gone or a disk that is full never ends the service: the line is lost and counted.
/// </summary>
/// <param name="writer">Where lines go; shared by threads.</param>
/// <param name="time">For the time on a terminal, and for what repeats.</param>
/// <param name="isJournal">Whether the reader is journald.</param>
/// <remarks>Source: sd-daemon(3), SD_ERR and its like.</remarks>
internal sealed class Log(TextWriter writer, TimeProvider time, bool isJournal)
{
    private const string CameraKey = "camera";
    private const int MostEvents = 100;
    private readonly Lock _turn = new();
    private readonly Queue<LogLine> _events = new();
    private readonly LogThrottle _throttle = new(time);
    private Log? _whole; // what this one writes to; null: this one is the whole
    private string? _camera;
    private long _lost; // since the last line that could be written

    /// <summary>The last hundred lines, oldest first; for the live page.</summary>
    public IReadOnlyList<LogLine> Recent
    {
        get
        {
            var whole = _whole ?? this;
            lock (whole._turn) return [.. whole._events];
        }
    }

    /// <summary>Whether systemd connected this process's stderr to the journal.</summary>
    public static bool IsJournal => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    /// <summary>The same log, which names a camera in each line.</summary>
    /// <param name="camera">Null: the service's one camera has no name.</param>
    public Log For(string? camera) => camera is null ? this : new Log(writer, time, isJournal) { _whole = this, _camera = camera };

    /// <summary>Writes a line of <see cref="LogLevel.Error"/>.</summary>
    public void Error(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Error, sentence, pairs);

    /// <summary>Writes a line of <see cref="LogLevel.Warning"/>.</summary>
    public void Warning(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Warning, sentence, pairs);

    /// <summary>Writes a line of <see cref="LogLevel.Notice"/>.</summary>
    public void Notice(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Notice, sentence, pairs);

    /// <summary>Writes a line of <see cref="LogLevel.Info"/>.</summary>
    public void Info(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Info, sentence, pairs);

    /// <summary>Says how many lines were left out of what no longer repeats; to be called now and then.</summary>
    public void Settle()
    {
        lock (_turn)
        {
            foreach (var (level, sentence, count) in _throttle.Settle())
                Put(level, "repeated lines were suppressed", [("sentence", sentence), (LogThrottle.Key, count)]);
        }
    }

    private void Write(LogLevel level, string sentence, ReadOnlySpan<(string Key, object? Value)> pairs)
    {
        if (_whole is { } whole) whole.Write(level, sentence, [(CameraKey, _camera), .. pairs], _camera);
        else Write(level, sentence, pairs, null);
    }

    private void Write(LogLevel level, string sentence, ReadOnlySpan<(string Key, object? Value)> pairs, string? camera)
    {
        lock (_turn)
        {
            var first = camera is null ? 0 : 1;
            if (!_throttle.Lets(level, sentence, pairs.Length > first ? pairs[first] : default, camera, out long leftOut)) return;
            if (leftOut == 0) Put(level, sentence, pairs);
            else Put(level, sentence, [.. pairs, (LogThrottle.Key, leftOut)]);
        }
    }

    private void Put(LogLevel level, string sentence, ReadOnlySpan<(string Key, object? Value)> pairs)
    {
        var text = new StringBuilder(PrintableText.Line(sentence));
        foreach (var (key, value) in pairs) text.Append(' ').Append(key).Append('=').Append(Quoted(value));
        // Callers hide secrets too; the log is where one would stay.
        var line =
            new LogLine(time.GetUtcNow(), level, SafeAddress.Hide(text.ToString())) { Sentence = SafeAddress.Hide(LogSentence.Of(sentence, pairs)) };
        if (_events.Count == MostEvents) _events.Dequeue();
        _events.Enqueue(line);
        try
        {
            if (_lost > 0) writer.WriteLine(Formatted(line with { Level = LogLevel.Warning, Text = $"lines could not be written lines={_lost}" }));
            _lost = 0;
            writer.WriteLine(Formatted(line));
            writer.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _lost++;
        }
    }

    private string Formatted(LogLine line) =>
        isJournal ? $"<{(int)line.Level}>{line.Text}" : $"{line.Time:HH:mm:ss.fff} {line.Level.ToString().ToLowerInvariant()}: {line.Text}";

    private static string Quoted(object? value)
    {
        string text = PrintableText.Line(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        return text.Length > 0 && !text.Any(c => c is ' ' or '"' or '=') ? text : $"\"{text.Replace("\"", "'", StringComparison.Ordinal)}\"";
    }
}
