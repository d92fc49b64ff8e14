using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

public sealed class GpioSinkTests : IDisposable
{
    private const string Path = "/dev/gpiochip0";
    private readonly FakeTime _time = new();
    private readonly FakeGpio _gpio = new();
    private readonly SinkBench _bench;

    public GpioSinkTests()
    {
        _bench = new SinkBench(_time);
        _gpio.Plug(Path, "bench", "lamp");
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_line_follows_the_rules_that_name_it_and_says_how_late_it_was()
    {
        using (var sink = Open(Settings()))
        {
            var seen = SinkBench.Event(1) with { CameraTime = _time.Now - TimeSpan.FromMilliseconds(25) };
            sink.Accept(seen);
            Until([false, true]);
            sink.Accept(SinkBench.Event(2, rule: "other"));
            sink.Accept(SinkBench.Event(3, isOn: false));
            sink.Accept(SinkBench.Event(4, isOn: false, rule: "other"));
            Until([false, true, false]);
            SinkBench.Until(() => sink.Status.Delivered == 2, "both changes counted");
            Assert.Equal((4L, 0L, 0L), (sink.Status.Accepted, sink.Status.Failures, sink.Status.Dropped));
            Assert.Equal(2, sink.Latency!.Count);
            SinkBench.Until(() => _bench.Logged.Any(l => l.StartsWith(
                "line changed output=out active=True rule=door frame=1 monotonic_s=3600 line_latency_ms=25",
                StringComparison.Ordinal)), "the line in the log");
        }

        Assert.Equal([false, true, false], _gpio.Levels(Path, 0)); // off already: nothing more to do
        Assert.Equal(0, _gpio.OpenCount);
    }

    [Theory]
    [InlineData("Off", false, new[] { false, true, false })]
    [InlineData("Keep", false, new[] { false, true })]
    [InlineData("On", false, new[] { true, false, true })]
    [InlineData("Off", true, new[] { true, false, true })]
    public void Its_end_leaves_the_safe_state(string safe, bool isActiveLow, bool[] levels)
    {
        using (var sink = Open(Settings() with { Safe = Enum.Parse<SafeState>(safe), IsActiveLow = isActiveLow }))
        {
            if (safe == "On") Until([true, false]); // safe while it was taken, then as the rules say
            sink.Accept(SinkBench.Event(1));
            SinkBench.Until(() => sink.Status.Delivered == (safe == "On" ? 2 : 1), "the change");
        }

        Assert.Equal(safe == "On" ? [true, false, true] : levels, _gpio.Levels(Path, 0));
        Assert.False(_gpio.Holder(Path, 0).IsHeld);
    }

    [Fact]
    public void A_pulse_ends_by_itself_and_a_hold_outlasts_its_rule()
    {
        using (var sink = Open(Settings() with { Pulse = TimeSpan.FromSeconds(2) }))
        {
            sink.Accept(SinkBench.Event(1));
            Until([false, true]);
            Advance(() => _gpio.Levels(Path, 0).Count == 3);
            Assert.True(_time.Now >= TimeSpan.FromHours(1) + TimeSpan.FromSeconds(2));
        }

        var start = _time.Now;
        using (var sink = Open(Settings() with { Hold = TimeSpan.FromSeconds(3) }))
        {
            sink.Accept(SinkBench.Event(1));
            sink.Accept(SinkBench.Event(2, isOn: false));
            SinkBench.Until(() => _gpio.Levels(Path, 0).Count == 5, "the line to be active");
            Advance(() => _gpio.Levels(Path, 0).Count == 6);
            Assert.True(_time.Now >= start + TimeSpan.FromSeconds(3));
            Assert.Equal(1, sink.Latency!.Count); // the way off waited for its hold
        }
    }

    [Fact]
    public void A_chip_that_vanishes_is_found_again_by_name_and_the_line_set_to_what_holds_by_then()
    {
        using var sink = Open(Settings());
        _gpio.Unplug(Path);
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.LastError == "line 'lamp' cannot be set: its chip is gone", "the loss");
        _gpio.Plug("/dev/gpiochip7", "bench", "button", "lamp");
        Advance(() => _gpio.Levels("/dev/gpiochip7", 1).Count == 1);
        Assert.True(_gpio.Levels("/dev/gpiochip7", 1)[0]);
        SinkBench.Until(() => sink.Status.LastError is null, "all well again");
        Assert.Equal(1, _bench.Logged.Count(l => l.StartsWith("output fails", StringComparison.Ordinal)));
        sink.Accept(SinkBench.Event(2, isOn: false));
        SinkBench.Until(() => _gpio.Levels("/dev/gpiochip7", 1).Count == 2, "the line to follow again");
    }

    [Fact]
    public void A_chip_that_vanishes_is_missed_without_any_event()
    {
        using var sink = Open(Settings());
        _gpio.Unplug(Path);
        Advance(() => sink.Status.Failures > 0);
        _gpio.Plug("/dev/gpiochip1", "bench", "lamp");
        Advance(() => _gpio.Holder("/dev/gpiochip1", 0).IsHeld);
    }

    [Fact]
    public void A_line_in_use_is_waited_for_and_permission_is_not()
    {
        _gpio.Take(Path, 0, isTaken: true);
        using (var sink = Open(Settings()))
        {
            Assert.Contains("in use by another program", sink.Status.LastError, StringComparison.Ordinal);
            _gpio.Take(Path, 0, isTaken: false);
            Advance(() => _gpio.Holder(Path, 0).IsHeld);
        }

        _gpio.OpenError = Libc.Eacces;
        var e = Assert.Throws<EdgeException>(() => Open(Settings()));
        Assert.Equal(FailureKind.Unavailable, e.Kind);
        Assert.StartsWith("output 'out': /dev/gpiochip0 cannot be opened: no permission", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_events_allocates_nothing_and_ends_as_wanted()
    {
        using var sink = Open(Settings());
        var (on, off) = (SinkBench.Event(1), SinkBench.Event(2, isOn: false));
        sink.Accept(on);
        sink.Accept(off);
        // The first time that two threads meet at a lock, the runtime makes something to wait on; what each event makes comes again.
        long allocated = 1;
        for (int flood = 0; flood < 3 && allocated > 0; flood++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100_000; i++) sink.Accept(i % 2 == 0 ? on : off);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        sink.Accept(on);
        SinkBench.Until(() => _gpio.Levels(Path, 0)[^1], "the line to be active");
    }

    private static GpioSettings Settings() =>
        new("out", new GpioAddress("lamp", null, null), false, TimeSpan.Zero, TimeSpan.Zero, null, SafeState.Off);

    private GpioSink Open(GpioSettings settings) => new(settings, _bench.Context, _gpio);

    private void Until(bool[] levels) => SinkBench.Until(() => _gpio.Levels(Path, 0).SequenceEqual(levels), string.Join(' ', levels));

    /// <summary>Lets time pass until something is so; the sink's thread sets its timers when it likes.</summary>
    private void Advance(Func<bool> condition) => SinkBench.Until(
        () =>
        {
            if (condition()) return true;
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return false;
        }, "something in time");
}
