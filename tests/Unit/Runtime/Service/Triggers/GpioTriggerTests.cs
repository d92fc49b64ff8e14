using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Triggers;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Triggers;

public sealed class GpioTriggerTests : IDisposable
{
    private const string Chip = "/dev/gpiochip0";
    private readonly FakeGpio _gpio = new();
    private readonly SinkBench _bench = new();
    private readonly List<LookRequest> _asked = [];
    private readonly LookQueue _queue;
    private int _woken;

    public GpioTriggerTests()
    {
        _gpio.Plug(Chip, "soc", "lamp", "button");
        _queue = new LookQueue(() => Interlocked.Increment(ref _woken), []);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_press_asks_once_with_the_time_of_its_edge()
    {
        using (Open(Settings()))
        {
            SinkBench.Until(() => _gpio.Holder(Chip, 1).IsHeld, "the line");
            Assert.Equal((GpioAbi.Input | GpioAbi.ActiveLow | GpioAbi.PullUp | GpioAbi.EdgeRising, 20_000UL), _gpio.Request(Chip, 1));
            _gpio.Drive(Chip, 1, false);
            _gpio.Drive(Chip, 1, null);
            SinkBench.Until(() => Asked == 1, "a request");
            Assert.Equal("button", _asked[0].Trigger);
            Assert.Equal(1, Volatile.Read(ref _woken));
        }

        Assert.Equal(0, _gpio.OpenCount);
    }

    [Fact]
    public void A_chip_that_vanishes_is_told_and_found_again()
    {
        using var trigger = Open(Settings());
        SinkBench.Until(() => _gpio.Holder(Chip, 1).IsHeld, "the line");
        _gpio.Unplug(Chip);
        SinkBench.Until(() => Logged("trigger fails: "), "the loss");
        _gpio.Plug("/dev/gpiochip5", "soc", "button");
        SinkBench.Until(() => _gpio.Holder("/dev/gpiochip5", 0).IsHeld, "the line again");
        SinkBench.Until(() => Logged("trigger works again"), "the end of the trouble");
        _gpio.Drive("/dev/gpiochip5", 0, false);
        SinkBench.Until(() => Asked == 1, "a request");
    }

    private static GpioTriggerSettings Settings() => new(
        "button", new GpioAddress("button", null, null), true, GpioBias.PullUp, GpioEdges.Rising, TimeSpan.FromMilliseconds(20));

    private int Asked
    {
        get
        {
            _queue.TakeInto(0, _asked);
            return _asked.Count;
        }
    }

    private GpioTrigger Open(GpioTriggerSettings settings) =>
        new(settings, new TriggerContext(TimeProvider.System, _bench.Context.Log, _queue), _gpio);

    private bool Logged(string beginning) => _bench.Logged.Any(l => l.StartsWith(beginning, StringComparison.Ordinal));
}
