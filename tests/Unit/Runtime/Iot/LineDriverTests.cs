using System.Collections.Concurrent;
using System.Device.Gpio;
using ResNetEdge.Device.Native;
using ResNetEdge.Iot;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Iot;

/// <summary>Lines under the package's own controller: what the kernel is asked for, and what it answers.</summary>
public sealed class LineDriverTests : IDisposable
{
    private const string Chip = "/dev/gpiochip0";
    private readonly FakeGpio _gpio = new();
    private readonly LineDriver _lines;
    private readonly GpioController _controller;

    public LineDriverTests()
    {
        _gpio.Plug(Chip, "soc", "lamp", "button", "");
        _lines = new LineDriver(_gpio);
        _controller = new GpioController(_lines);
    }

    public void Dispose() => _controller.Dispose();

    [Fact]
    public void A_named_output_has_its_value_from_the_first_moment_and_its_safe_one_at_the_end()
    {
        int lamp = _lines.Add("lamp", safe: PinValue.Low);
        _controller.OpenPin(lamp, PinMode.Output, PinValue.High);
        _controller.Write(lamp, PinValue.Low);
        _controller.Toggle(lamp);
        Assert.Equal((PinMode.Output, PinValue.High), (_controller.GetPinMode(lamp), _controller.Read(lamp)));
        Assert.Equal((true, "resnetedge"), _gpio.Holder(Chip, 0));
        _controller.ClosePin(lamp);
        Assert.Equal([true, false, true, false], _gpio.Levels(Chip, 0));
        Assert.Equal(0, _gpio.OpenCount);
    }

    [Fact]
    public void High_is_active_where_the_low_level_is()
    {
        int lamp = _lines.Add("lamp", activeLow: true, safe: PinValue.Low), button = _lines.Add("soc", 1, activeLow: true);
        _controller.OpenPin(lamp, PinMode.Output, PinValue.High);
        _controller.OpenPin(button, PinMode.InputPullUp);
        Assert.Equal(PinValue.Low, _controller.Read(button));
        _gpio.Drive(Chip, 1, false);
        Assert.Equal(PinValue.High, _controller.Read(button));
        _controller.Dispose();
        Assert.Equal([false, true], _gpio.Levels(Chip, 0));
    }

    [Fact]
    public void Pins_of_a_chip_are_numbered_by_their_offsets()
    {
        using var driver = LineDriver.OfChip("soc", _gpio);
        using var controller = new GpioController(driver);
        Assert.Equal(3, controller.PinCount);
        controller.OpenPin(2, PinMode.Output, PinValue.High);
        Assert.Equal([true], _gpio.Levels(Chip, 2));
        Assert.Equal("no chip 'sock'; the chips are 'soc', with lines such as lamp, button",
            Assert.ThrowsAny<IOException>(() => LineDriver.OfChip("sock", _gpio)).Message);
    }

    [Theory]
    [InlineData(PinMode.Input, 0UL)]
    [InlineData(PinMode.InputPullUp, 0x100UL)]
    [InlineData(PinMode.InputPullDown, 0x200UL)]
    public void A_pull_is_asked_of_the_kernel(PinMode mode, ulong pull)
    {
        int button = _lines.Add("button");
        Assert.True(_controller.IsPinModeSupported(button, mode));
        _controller.OpenPin(button, mode);
        Assert.Equal((mode, GpioAbi.Input | pull), (_controller.GetPinMode(button), _gpio.Request(Chip, 1).Flags));
        Assert.Equal(mode is PinMode.InputPullUp ? PinValue.High : PinValue.Low, _controller.Read(button));
    }

    [Fact]
    public void Opening_leaves_an_output_as_it_is_and_an_input_can_become_one()
    {
        int lamp = _lines.Add("lamp");
        _controller.OpenPin(lamp);
        Assert.Empty(_gpio.Levels(Chip, 0));
        _gpio.Drive(Chip, 0, true);
        _controller.SetPinMode(lamp, PinMode.Output); // keeps what the line is
        Assert.Equal([true], _gpio.Levels(Chip, 0));
        _controller.SetPinMode(lamp, PinMode.Input);
        Assert.Equal((PinMode.Input, GpioAbi.Input), (_controller.GetPinMode(lamp), _gpio.Request(Chip, 0).Flags));
    }

    [Fact]
    public void Callbacks_hear_the_edges_that_they_asked_for()
    {
        int button = _lines.Add("button");
        var heard = new ConcurrentQueue<PinEventTypes>();
        var rising = new ConcurrentQueue<int>();
        void All(object sender, PinValueChangedEventArgs change) => heard.Enqueue(change.ChangeType);
        void Up(object sender, PinValueChangedEventArgs change) => rising.Enqueue(change.PinNumber);
        _controller.OpenPin(button, PinMode.InputPullDown);
        _controller.RegisterCallbackForPinValueChangedEvent(button, PinEventTypes.Rising | PinEventTypes.Falling, All);
        _controller.RegisterCallbackForPinValueChangedEvent(button, PinEventTypes.Rising, Up);
        foreach (bool level in new[] { true, false, true }) _gpio.Drive(Chip, 1, level);
        SinkBench.Until(() => heard.Count == 3 && rising.Count == 2, "three edges");
        Assert.Equal([PinEventTypes.Rising, PinEventTypes.Falling, PinEventTypes.Rising], heard);
        Assert.Equal([button, button], rising);
        _controller.UnregisterCallbackForPinValueChangedEvent(button, All);
        _controller.UnregisterCallbackForPinValueChangedEvent(button, Up);
        Assert.Equal(0UL, _gpio.Request(Chip, 1).Flags & (GpioAbi.EdgeRising | GpioAbi.EdgeFalling));
    }

    [Fact]
    public async Task An_event_is_waited_for_and_a_wait_can_be_ended()
    {
        int button = _lines.Add("button");
        _controller.OpenPin(button, PinMode.InputPullDown);
        var waiting = Task.Run(() => _controller.WaitForEvent(button, PinEventTypes.Falling, TimeSpan.FromMinutes(1)));
        SinkBench.Until(() => (_gpio.Request(Chip, 1).Flags & GpioAbi.EdgeFalling) != 0, "the wait to begin");
        _gpio.Drive(Chip, 1, true);
        _gpio.Drive(Chip, 1, false);
        var heard = await waiting;
        Assert.Equal((false, PinEventTypes.Falling), (heard.TimedOut, heard.EventTypes));
        Assert.True(_controller.WaitForEvent(button, PinEventTypes.Rising, new CancellationToken(canceled: true)).TimedOut);
    }

    [Fact]
    public void An_output_whose_chip_came_back_has_its_last_value_again()
    {
        int lamp = _lines.Add("lamp");
        _controller.OpenPin(lamp, PinMode.Output, PinValue.Low);
        _gpio.Unplug(Chip);
        Assert.StartsWith("no line 'lamp'", Assert.ThrowsAny<IOException>(() => _controller.Write(lamp, PinValue.High)).Message,
            StringComparison.Ordinal);
        _gpio.Plug("/dev/gpiochip4", "soc", "", "lamp");
        _controller.Write(lamp, PinValue.High);
        Assert.Equal(PinValue.High, _controller.Read(lamp));
        Assert.Equal([true], _gpio.Levels("/dev/gpiochip4", 1));
        _controller.Write(lamp, PinValue.Low);
        Assert.Equal([true, false], _gpio.Levels("/dev/gpiochip4", 1));
    }

    [Fact]
    public void An_input_whose_chip_came_back_changed_is_an_edge()
    {
        int button = _lines.Add("button");
        var heard = new ConcurrentQueue<PinEventTypes>();
        _controller.OpenPin(button, PinMode.InputPullUp);
        _controller.RegisterCallbackForPinValueChangedEvent(button, PinEventTypes.Falling, (_, change) => heard.Enqueue(change.ChangeType));
        _gpio.Unplug(Chip);
        _gpio.Plug("/dev/gpiochip9", "soc", "button");
        _gpio.Drive("/dev/gpiochip9", 0, false);
        SinkBench.Until(() => heard.Count == 1, "the edge that nobody saw");
        Assert.Equal(GpioAbi.PullUp, _gpio.Request("/dev/gpiochip9", 0).Flags & GpioAbi.PullUp);
        _gpio.Drive("/dev/gpiochip9", 0, null);
        _gpio.Drive("/dev/gpiochip9", 0, false);
        SinkBench.Until(() => heard.Count == 2, "edges of the new chip");
    }

    [Fact]
    public void A_callback_may_close_its_own_pin()
    {
        int button = _lines.Add("button");
        using var closed = new ManualResetEventSlim();
        _controller.OpenPin(button, PinMode.InputPullDown);
        _controller.RegisterCallbackForPinValueChangedEvent(button, PinEventTypes.Rising, (_, _) =>
        {
            _controller.ClosePin(button);
            closed.Set();
        });
        _gpio.Drive(Chip, 1, true);
        SinkBench.Until(() => closed.IsSet, "the callback to return");
        Assert.Equal(0, _gpio.OpenCount);
    }

    [Fact]
    public void What_cannot_be_is_told()
    {
        int lamb = _lines.Add("lamb"), lamp = _lines.Add("lamp");
        Assert.Equal("no line 'lamb'; the chips are 'soc', with lines such as lamp, button",
            Assert.ThrowsAny<IOException>(() => _controller.OpenPin(lamb)).Message);
        _gpio.Take(Chip, 0, isTaken: true);
        Assert.StartsWith("line 'lamp' cannot be requested: in use by another program",
            Assert.ThrowsAny<IOException>(() => _controller.OpenPin(lamp)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no pin 7; this driver has 2 pins", Assert.Throws<ArgumentException>(() => _controller.OpenPin(7)).Message,
            StringComparison.Ordinal);
    }
}
