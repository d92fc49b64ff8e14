using System.Drawing;
using ResNetEdge.Service;
using ResNetEdge.Service.Outputs.Parts;
using ResNetEdge.Service.Yaml;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Parts;

/// <summary>What the lights show, read back from the bits on their bus as colours, by the pulses that their data sheets describe.</summary>
public sealed class LedsTests : IDisposable
{
    private const int Red = 0xFF0000, Green = 0x00FF00, Blue = 0x0000FF, Dark = 0;
    private readonly FakeTime _time = new();
    private readonly SinkBench _bench;
    private FakeSpi? _bus;

    public LedsTests() => _bench = new SinkBench(_time);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Ws2812")]
    [InlineData("Apa102")]
    public void The_rule_that_turned_on_last_gives_the_color_then_the_label(string chip)
    {
        var settings = Settings() with { Chip = Enum.Parse<LedKind>(chip) };
        using var sink = Open(settings);
        Advance(settings, [Dark, Dark, Dark]);
        sink.Accept(SinkBench.Event(1, rule: "door"));
        Advance(settings, [Red, Red, Red]);
        sink.Accept(SinkBench.Event(2, rule: "other")); // has no colour of its own
        Advance(settings, [Green, Green, Green]);
        sink.Accept(SinkBench.Event(3, isOn: false, rule: "other"));
        Advance(settings, [Red, Red, Red]);
        sink.Accept(SinkBench.Event(4, isOn: false, rule: "door"));
        sink.Accept(Seen("cat", 0.9f));
        Advance(settings, [Blue, Blue, Blue]);
        sink.Accept(Seen("dog", 0.9f));
        Advance(settings, [Dark, Dark, Dark]);
    }

    [Fact]
    public void A_bar_is_as_long_as_the_score_says_and_brightness_is_a_share()
    {
        var settings = Settings() with { IsBar = true, Brightness = 0.5 };
        using var sink = Open(settings);
        sink.Accept(Seen("cat", 0.66f));
        Advance(settings, [0x000080, 0x000080, Dark]);
    }

    [Fact]
    public void Lights_that_lost_their_supply_are_sent_their_colors_again()
    {
        using var sink = Open(Settings());
        SinkBench.Until(() => _bus is { Messages: 1 }, "the first colours");
        SinkBench.Until(() => Tick(() => _bus!.Messages == 3), "two more");
    }

    [Fact]
    public void A_bus_that_is_gone_is_told_and_the_lights_are_right_when_it_is_back()
    {
        using var sink = Open(Settings());
        SinkBench.Until(() => _bus is { Messages: 1 }, "the first colours");
        var first = _bus!;
        first.IsGone = true;
        sink.Accept(SinkBench.Event(1, rule: "door"));
        SinkBench.Until(() => Tick(() => sink.Status.Failures > 0), "the loss");
        Assert.Equal("the lights on SPI bus 0, chip select 0, cannot be written: Error 19 performing SPI data transfer.", sink.Status.LastError);
        SinkBench.Until(() => Tick(() => _bus != first), "another try");
        Advance(Settings(), [Red, Red, Red]);
    }

    [Fact]
    public void They_are_dark_at_the_end()
    {
        using (var sink = Open(Settings()))
        {
            sink.Accept(SinkBench.Event(1, rule: "door"));
            Advance(Settings(), [Red, Red, Red]);
        }

        Assert.Equal([Dark, Dark, Dark], Decode(LedKind.Ws2812, _bus!.Last));
    }

    private static LedsSettings Settings() => new("out", LedKind.Ws2812, 0, 0, 3, 1, false,
        new EqualList<NamedColor>([new("door", Color.FromArgb(255, 0, 0)), new("cat", Color.FromArgb(0, 0, 255))]), Color.FromArgb(0, 255, 0),
            Color.FromArgb(0, 0, 0));

    private PartSink Open(LedsSettings settings) => settings.Open(_bench.Context, bus =>
    {
        Assert.Equal(settings.Chip is LedKind.Ws2812 ? 2_400_000 : 1_000_000, bus.ClockFrequency);
        return _bus = new FakeSpi(bus);
    });

    private FrameResult Seen(string label, float score) => new(Classes.Named(new RankedClass(0, label, score))) { DoneTime = _time.Now };

    private void Advance(LedsSettings settings, int[] colors) => SinkBench.Until(
        () => Tick(() => _bus is { Messages: > 0 } bus && Decode(settings.Chip, bus.Last).SequenceEqual(colors)), string.Join(' ', colors));

    private bool Tick(Func<bool> condition)
    {
        if (condition()) return true;
        _time.Advance(TimeSpan.FromMilliseconds(10));
        return false;
    }

    private static int[] Decode(LedKind chip, byte[] bytes) => chip is LedKind.Ws2812 ? Ws2812(bytes) : Apa102(bytes);

    // A bit is three of the bus: high, the bit, low. Green, red, blue, the highest bit first; then low for at least 50 µs, 120 bits of 2.4 MHz.
    private static int[] Ws2812(byte[] bytes)
    {
        string bits = string.Concat(bytes.Select(b => Convert.ToString(b, 2).PadLeft(8, '0')));
        int end = bits.TrimEnd('0').Length;
        end += (72 - end % 72) % 72; // a light has 24 bits
        Assert.True(bits.Length - end >= 120, "no pause after the last light");
        var colors = new List<int>();
        for (int light = 0; light < end / 72; light++)
        {
            int grb = 0;
            for (int bit = 0; bit < 24; bit++)
            {
                string pulse = bits.Substring((light * 72) + (bit * 3), 3);
                Assert.True(pulse is "100" or "110", pulse);
                grb = (grb << 1) | (pulse == "110" ? 1 : 0);
            }

            colors.Add((grb & 0xFF00) << 8 | grb >> 8 & 0xFF00 | grb & 0xFF);
        }

        return [.. colors];
    }

    // 32 bits of zero; a light is 111, five bits of brightness, blue, green, red; at the end at least half a clock a light.
    private static int[] Apa102(byte[] bytes)
    {
        Assert.Equal([0, 0, 0, 0], bytes[..4]);
        var colors = new List<int>();
        int at = 4;
        for (; at + 4 < bytes.Length; at += 4)
        {
            Assert.Equal(0xFF, bytes[at]); // full: brightness is in the colours
            colors.Add(bytes[at + 3] << 16 | bytes[at + 2] << 8 | bytes[at + 1]);
        }

        Assert.True((bytes.Length - at) * 8 * 2 >= colors.Count);
        return [.. colors];
    }
}
