using System.Buffers;
using System.Text.Json;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Files;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Rules;

/// <summary>
/// The changes of rules within the last day, for people who look at the live page, and how often rules turned on in each hour. Bounded: the newest
/// <see cref="Most"/> changes, and a count for each hour. Adding allocates nothing; from any thread.
/// </summary>
internal sealed class EventHistory
{
    /// <summary>Changes that are kept.</summary>
    public const int Most = 1000;

    private const int Hours = 24;
    private const int MostBytes = 4 << 20, MostText = 4096;
    private static readonly TimeSpan Day = TimeSpan.FromHours(Hours);
    private readonly Lock _turn = new();
    private readonly RuleEvent[] _events = new RuleEvent[Most]; // a ring
    private readonly (long Hour, long Count)[] _hours = new (long, long)[Hours]; // a ring, by hours since 1970
    private long _added;
    private bool _isChanged;

    /// <summary>Something was added since it was saved.</summary>
    public bool IsChanged => Volatile.Read(ref _isChanged);

    /// <summary>Adds a change.</summary>
    public void Add(in RuleEvent change)
    {
        lock (_turn)
        {
            Keep(change);
            if (change is { IsOn: true, Reason: "seen" }) Count(HourOf(change.Time), 1);
            _isChanged = true;
        }
    }

    /// <summary>The hours of the last day and its changes, oldest first, UTF-8; the live page reads it, and <see cref="Load"/>.</summary>
    /// <param name="now">By the wall clock.</param>
    public byte[] ToJson(DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            lock (_turn)
            {
                WriteHours(json, now);
                WriteEvents(json, now);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes it to a file, completely or not at all.</summary>
    /// <exception cref="EdgeException">Exit 5: the disk is full or read-only; what was saved before is still there, and it is saved another
    /// time.</exception>
    public void Save(string path, DateTimeOffset now)
    {
        Volatile.Write(ref _isChanged, false);
        try
        {
            byte[] json = ToJson(now);
            AtomicFile.Write(path, stream => stream.Write(json));
        }
        catch
        {
            Volatile.Write(ref _isChanged, true);
            throw;
        }
    }

    /// <summary>Takes up what an earlier run saved.</summary>
    /// <returns>Why it could not be read; null: it was, or there is none.</returns>
    public string? Load(string path)
    {
        if (FileFacts.Of(path).Kind is FileKind.Missing) return null;
        try
        {
            using var json = JsonDocument.Parse(RegularFile.ReadAllBytes(path, MostBytes));
            RuleEvent[] events = [.. json.RootElement.GetProperty("events").EnumerateArray().Select(Read)];
            (long, long)[] hours = [.. from hour in json.RootElement.GetProperty("hours").EnumerateArray()
                                       select (HourOf(hour.GetProperty("from").GetDateTimeOffset()), hour.GetProperty("events").GetInt64())];
            lock (_turn)
            {
                foreach (var change in events) Keep(change);
                foreach (var (hour, count) in hours) Count(hour, Math.Max(count, 0));
            }

            return null;
        }
        catch (Exception e) when (e is EdgeException or IOException or UnauthorizedAccessException or JsonException or InvalidOperationException
            or KeyNotFoundException or FormatException)
        {
            return e.Message;
        }
    }

    private static RuleEvent Read(JsonElement json) => new(
        Text(json, "rule") ?? "", json.GetProperty("on").GetBoolean(), Text(json, "label") ?? "",
        json.GetProperty("probability") is { ValueKind: JsonValueKind.Number } probability ? probability.GetSingle() : float.NaN,
        Text(json, "reason") ?? "", 0, default, json.GetProperty("time").GetDateTimeOffset())
    {
        Camera = Text(json, "camera"),
    };

    private static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null
        : value.GetString() is { Length: <= MostText } text ? text : throw new FormatException($"'{name}' is not a text");

    private static long HourOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 3600;

    private void Keep(in RuleEvent change) => _events[_added++ % Most] = change;

    private void Count(long hour, long count)
    {
        ref var place = ref _hours[(int)(((hour % Hours) + Hours) % Hours)];
        place = (hour, (place.Hour == hour ? place.Count : 0) + count);
    }

    private void WriteHours(Utf8JsonWriter json, DateTimeOffset now)
    {
        json.WriteStartArray("hours"u8);
        for (long hour = HourOf(now) - Hours + 1; hour <= HourOf(now); hour++)
        {
            var place = _hours[(int)(((hour % Hours) + Hours) % Hours)];
            json.WriteStartObject();
            json.WriteString("from"u8, DateTimeOffset.FromUnixTimeSeconds(hour * 3600));
            json.WriteNumber("events"u8, place.Hour == hour ? place.Count : 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteEvents(Utf8JsonWriter json, DateTimeOffset now)
    {
        json.WriteStartArray("events"u8);
        for (long i = Math.Max(0, _added - Most); i < _added; i++)
        {
            ref readonly var change = ref _events[i % Most];
            if (now - change.Time > Day) continue;
            json.WriteStartObject();
            json.WriteString("time"u8, change.Time);
            json.WriteString("rule"u8, change.Rule);
            if (change.Camera is not null) json.WriteString("camera"u8, change.Camera);
            json.WriteBoolean("on"u8, change.IsOn);
            json.WriteString("label"u8, change.Label);
            if (float.IsFinite(change.Probability)) json.WriteNumber("probability"u8, change.Probability);
            else json.WriteNull("probability"u8);
            json.WriteString("reason"u8, change.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
