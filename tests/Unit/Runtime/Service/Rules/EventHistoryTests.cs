using System.Text;
using System.Text.Json;
using ResNetEdge.Service.Rules;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Rules;

/// <summary>The last day's events: what is kept, for how long, and over a restart.</summary>
public sealed class EventHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();
    private readonly EventHistory _history = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Events_are_counted_by_the_hour_when_a_rule_turns_on()
    {
        Add(Noon.AddHours(-2), true);
        Add(Noon.AddHours(-2).AddMinutes(1), false);
        Add(Noon.AddMinutes(1), true);
        Add(Noon.AddMinutes(2), true);
        var root = Read(_history, Noon.AddMinutes(5));
        var hours = root.GetProperty("hours").EnumerateArray().ToList();
        Assert.Equal(24, hours.Count);
        Assert.Equal((1, 0, 2), (Count(hours[^3]), Count(hours[^2]), Count(hours[^1])));
        Assert.Equal(3, hours.Sum(Count));
        Assert.Equal(Noon, hours[^1].GetProperty("from").GetDateTimeOffset());
        Assert.Equal(
            """{"time":"2026-03-01T10:00:00+00:00","rule":"door","camera":"front","on":true,"label":"open","probability":0.5,"reason":"seen"}""",
            root.GetProperty("events")[0].GetRawText());
    }

    [Fact]
    public void What_is_older_than_a_day_is_gone()
    {
        Add(Noon.AddHours(-25), true);
        Add(Noon.AddHours(-23), true);
        var root = Read(_history, Noon);
        Assert.Equal((1, 1), (root.GetProperty("events").GetArrayLength(), root.GetProperty("hours").EnumerateArray().Sum(Count)));
    }

    [Fact]
    public void The_newest_thousand_are_kept_and_all_are_counted()
    {
        for (int i = 0; i < EventHistory.Most + 7; i++) Add(Noon.AddSeconds(i), true);
        var root = Read(_history, Noon.AddMinutes(30));
        Assert.Equal(EventHistory.Most, root.GetProperty("events").GetArrayLength());
        Assert.Equal(Noon.AddSeconds(7), root.GetProperty("events")[0].GetProperty("time").GetDateTimeOffset());
        Assert.Equal(EventHistory.Most + 7, root.GetProperty("hours").EnumerateArray().Sum(Count));
    }

    [Fact]
    public void It_survives_a_restart()
    {
        Add(Noon, true);
        Add(Noon.AddSeconds(1), false);
        Assert.True(_history.IsChanged);
        _history.Save(_folder["history"], Noon.AddMinutes(1));
        Assert.False(_history.IsChanged);
        var next = new EventHistory();
        Assert.Null(next.Load(_folder["history"]));
        Assert.Equal(Encoding.UTF8.GetString(_history.ToJson(Noon.AddMinutes(2))), Encoding.UTF8.GetString(next.ToJson(Noon.AddMinutes(2))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"hours":[{"from":"noon","events":1}],"events":[]}""")]
    [InlineData("""{"hours":[],"events":[{"time":"2026-03-01T10:00:00Z","rule":1,"on":true}]}""")]
    [InlineData("""{"hours":[],"events":[{"time":"2026-03-01T10:00:00Z","on":"yes","probability":1}]}""")]
    [InlineData("""{"hours":[{"from":"2026-03-01T10:00:00Z","events":1e99}],"events":[]}""")]
    public void A_damaged_file_is_said_and_begun_anew(string text)
    {
        File.WriteAllText(_folder["history"], text);
        Assert.NotNull(_history.Load(_folder["history"]));
        Assert.Equal(0, Read(_history, Noon).GetProperty("events").GetArrayLength());
    }

    [Fact]
    public void A_missing_file_is_no_trouble() => Assert.Null(_history.Load(_folder["history"]));

    [Fact]
    public void Adding_allocates_nothing()
    {
        Add(Noon, true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Add(Noon, true);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static int Count(JsonElement hour) => hour.GetProperty("events").GetInt32();

    private static JsonElement Read(EventHistory history, DateTimeOffset now) => JsonDocument.Parse(history.ToJson(now)).RootElement;

    private void Add(DateTimeOffset time, bool isOn) => _history.Add(
        new RuleEvent("door", isOn, "open", 0.5f, isOn ? "seen" : "gone", 1, TimeSpan.Zero, time) { Camera = "front" });
}
