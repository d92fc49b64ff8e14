using System.Globalization;
using System.Text;
using ResNetEdge.Device;

namespace ResNetEdge.Service;

/// <summary>How much a line matters; the numbers are syslog's.</summary>
internal enum LogLevel
{
    /// <summary>Something does not work and needs somebody.</summary>
    Error = 3,

    /// <summary>Something went wrong and was dealt with.</summary>
    Warning = 4,

    /// <summary>A change worth knowing: started, reloaded, stepped down.</summary>
    Notice = 5,

    /// <summary>The rest.</summary>
    Info = 6,
}

/// <summary>
/// One line an event, for people and for grep: a sentence, then <c>key=value</c> pairs. To the journal each line begins with its priority
/// (<c>&lt;4&gt;</c>), which journald takes off; to a terminal with the time.
/// </summary>
/// <param name="writer">Where lines go; shared by threads.</param>
/// <param name="time">For the time on a terminal.</param>
/// <param name="isJournal">Whether the reader is journald.</param>
/// <remarks>Source: sd-daemon(3), SD_ERR and its like. A line that repeats each frame would fill a disk: callers say a thing when it changes.</remarks>
internal sealed class Log(TextWriter writer, TimeProvider time, bool isJournal)
{
    private const int MostEvents = 100;
    private readonly Lock _turn = new();
    private readonly Queue<LogLine> _events = new();

    /// <summary>The last hundred lines, oldest first; for the live page.</summary>
    public IReadOnlyList<LogLine> Recent
    {
        get
        {
            lock (_turn) return [.. _events];
        }
    }

    /// <summary>Whether systemd connected this process's stderr to the journal.</summary>
    public static bool IsJournal => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    /// <summary>Writes a line of <see cref="LogLevel.Error"/>.</summary>
    public void Error(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Error, sentence, pairs);

    /// <summary>Writes a line of <see cref="LogLevel.Warning"/>.</summary>
    public void Warning(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Warning, sentence, pairs);

    /// <summary>Writes a line of <see cref="LogLevel.Notice"/>.</summary>
    public void Notice(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Notice, sentence, pairs);

    /// <summary>Writes a line of <see cref="LogLevel.Info"/>.</summary>
    public void Info(string sentence, params ReadOnlySpan<(string Key, object? Value)> pairs) => Write(LogLevel.Info, sentence, pairs);

    private void Write(LogLevel level, string sentence, ReadOnlySpan<(string Key, object? Value)> pairs)
    {
        var text = new StringBuilder(Plain(sentence));
        foreach (var (key, value) in pairs) text.Append(' ').Append(key).Append('=').Append(Quoted(value));
        var now = time.GetUtcNow();
        var line = new LogLine(now, level, text.ToString());
        lock (_turn)
        {
            if (_events.Count == MostEvents) _events.Dequeue();
            _events.Enqueue(line);
            writer.WriteLine(isJournal ? $"<{(int)level}>{line.Text}" : $"{now:HH:mm:ss.fff} {level.ToString().ToLowerInvariant()}: {line.Text}");
            writer.Flush();
        }
    }

    /// <summary>One line whatever came from outside: no control character gets through.</summary>
    private static string Plain(string text)
    {
        text = SafeAddress.Hide(text); // callers do too; the log is where it would stay
        return text.Any(char.IsControl) ? new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]) : text;
    }

    private static string Quoted(object? value)
    {
        string text = Plain(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        return text.Length > 0 && !text.Any(c => c is ' ' or '"' or '=') ? text : $"\"{text.Replace("\"", "'", StringComparison.Ordinal)}\"";
    }
}

/// <summary>One line of the log.</summary>
internal sealed record LogLine(DateTimeOffset Time, LogLevel Level, string Text);
