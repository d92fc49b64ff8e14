using ResNetEdge.Service;
using ResNetEdge.Service.Outputs.Parts;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Parts;

/// <summary>What a display shows, read back from the bytes on its bus as dots.</summary>
public sealed class DisplayTests : IDisposable
{
    private static readonly string[] Hi = ["#...#...#..", "#...#......", "#...#..##..", "#####...#..", "#...#...#..", "#...#...#..", "#...#..###."];
    private readonly FakeTime _time = new();
    private readonly SinkBench _bench;

    public DisplayTests() => _bench = new SinkBench(_time);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Ssd1306", 128, false)]
    [InlineData("Sh1106", 132, false)]
    [InlineData("Sh1106", 132, true)]
    public void Label_score_and_rules_are_on_the_panel(string controller, int columns, bool isTurned)
    {
        var oled = new FakeOled(columns);
        var settings = Settings() with { Controller = Enum.Parse<OledController>(controller), IsTurned = isTurned, Text = "Hi" };
        using var sink = settings.Open(_bench.Context, _ => oled);
        SinkBench.Until(() => oled.IsOn, "the display");
        sink.Accept(Seen("Hi", 0.5f));
        sink.Accept(SinkBench.Event(1, rule: "Hi"));
        Advance(() => Art(oled, 0).SequenceEqual(Hi));
        Assert.Equal(Hi, Art(oled, 7 * 8)); // the last row
        string[] large = [.. Hi.SelectMany(row => Enumerable.Repeat(string.Concat(row.Select(dot => new string(dot, 2))), 2))];
        Assert.Equal(large, oled.Panel.Skip(16).Take(14).Select(row => row[..22]));
        Assert.Equal(new string('#', 45) + new string('.', 44) + "#", oled.Panel[43][..90]); // the bar's middle: half of it
        Assert.Equal((64, (!isTurned, !isTurned), true), (oled.Rows, oled.IsUpright, oled.HasSupply));
    }

    [Fact]
    public void A_low_display_has_all_but_the_address()
    {
        var oled = new FakeOled(128);
        using var sink = (Settings() with { Height = 32 }).Open(_bench.Context, _ => oled);
        sink.Accept(Seen("x", 1));
        sink.Accept(SinkBench.Event(1, rule: "Hi"));
        Advance(() => oled.Rows == 32 && Art(oled, 24).SequenceEqual(Hi));
        Assert.Equal(new string('#', 90), oled.Panel[19][..90]);
    }

    [Fact]
    public void Only_pages_that_changed_are_sent_and_everything_now_and_then()
    {
        var oled = new FakeOled(128);
        using var sink = Settings().Open(_bench.Context, _ => oled);
        SinkBench.Until(() => sink.Status.Delivered == 1, "the first picture");
        Assert.Equal(8, oled.PagesWritten);
        sink.Accept(SinkBench.Event(1, rule: "Hi"));
        Advance(() => sink.Status.Delivered == 2);
        Assert.Equal(9, oled.PagesWritten); // the row of the rules alone
        oled.Forget();
        Advance(() => oled.IsOn);
        Advance(() => Art(oled, 0).SequenceEqual(Hi));
    }

    [Fact]
    public void A_label_goes_when_there_are_no_frames()
    {
        var oled = new FakeOled(128);
        using var sink = Settings().Open(_bench.Context, _ => oled);
        sink.Accept(Seen("Hi", 1));
        Advance(() => oled.Panel.Count > 40 && oled.Panel[43][..90] == new string('#', 90));
        var seen = _time.Now;
        Advance(() => oled.Panel[43][1..89] == new string('.', 88));
        Assert.InRange(_time.Now - seen, PartSink.LabelLasts - TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(11));
    }

    [Fact]
    public void A_display_that_is_unplugged_is_told_and_shows_what_holds_when_it_is_back()
    {
        var oled = new FakeOled(128);
        using var sink = Settings().Open(_bench.Context, _ => oled);
        SinkBench.Until(() => oled.IsOn, "the display");
        oled.IsUnplugged = true;
        Advance(() => sink.Status.Failures > 0);
        Assert.Equal("the display at address 0x3c of I2C bus 1 cannot be written: Error 121 performing I2C data transfer.", sink.Status.LastError);
        sink.Accept(SinkBench.Event(1, rule: "Hi"));
        oled.Forget();
        oled.IsUnplugged = false;
        Advance(() => Art(oled, 0).SequenceEqual(Hi));
        Advance(() => sink.Status.LastError is null);
        Assert.Equal(1, _bench.Logged.Count(l => l.StartsWith("output fails", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_bus_that_is_not_there_stops_nothing()
    {
        int tries = 0;
        using var sink = Settings().Open(_bench.Context, _ =>
        {
            tries++;
            throw new IOException("Error 2. Can not open I2C device file '/dev/i2c-1'.");
        });
        Advance(() => tries > 3);
        sink.Accept(SinkBench.Event(1));
        Assert.Contains("/dev/i2c-1", sink.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_dark_at_the_end()
    {
        var oled = new FakeOled(128);
        using (Settings().Open(_bench.Context, _ => oled)) SinkBench.Until(() => oled.IsOn, "the display");
        Assert.False(oled.IsOn);
    }

    [Fact]
    public void Frames_allocate_nothing_on_their_thread()
    {
        using var sink = Settings().Open(_bench.Context, _ => new FakeOled(128));
        SinkBench.Flood(sink, 10_000);
    }

    private static DisplaySettings Settings() =>
        new("out", 1, 0x3C, OledController.Ssd1306, 64, false, null, TimeSpan.FromMilliseconds(200));

    private FrameResult Seen(string label, float score) => new(Classes.Named(new RankedClass(0, label, score))) { DoneTime = _time.Now };

    private static IEnumerable<string> Art(FakeOled oled, int top) => oled.Panel.Skip(top).Take(7).Select(row => row[..11]);

    private void Advance(Func<bool> condition) => SinkBench.Until(
        () =>
        {
            if (condition()) return true;
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return false;
        }, "something in time");
}
