using System.Device.Gpio;
using System.Device.Pwm.Drivers;
using Iot.Device.Button;
using Iot.Device.Buzzer;
using Iot.Device.Hcsr501;
using ResNetEdge.Iot;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Iot;

/// <summary>Classes of Iot.Device.Bindings, which know nothing of this project, on its lines.</summary>
public sealed class BindingsTests : IDisposable
{
    private const string Chip = "/dev/gpiochip0";
    private readonly FakeGpio _gpio = new();
    private readonly LineDriver _lines;
    private readonly GpioController _controller;

    public BindingsTests()
    {
        _gpio.Plug(Chip, "soc", "button", "motion", "buzzer");
        _lines = new LineDriver(_gpio);
        _controller = new GpioController(_lines);
    }

    public void Dispose() => _controller.Dispose();

    [Fact]
    public void A_button_to_ground_is_pressed_and_released()
    {
        using var button = new GpioButton(_lines.Add("button"), isPullUp: true, gpio: _controller, shouldDispose: false);
        int down = 0, press = 0;
        button.ButtonDown += (_, _) => Interlocked.Increment(ref down);
        button.Press += (_, _) => Interlocked.Increment(ref press);
        _gpio.Drive(Chip, 0, false);
        SinkBench.Until(() => Volatile.Read(ref down) == 1, "the button to be down");
        Assert.True(button.IsPressed);
        _gpio.Drive(Chip, 0, null); // its pull-up lifts it
        SinkBench.Until(() => Volatile.Read(ref press) == 1, "the button to have been pressed");
    }

    [Fact]
    public void A_motion_detector_sees_motion()
    {
        using var detector = new Hcsr501(_lines.Add("motion"), _controller, shouldDispose: false);
        using var moved = new ManualResetEventSlim();
        detector.Hcsr501ValueChanged += (_, _) => moved.Set();
        Assert.False(detector.IsMotionDetected);
        _gpio.Drive(Chip, 1, true);
        SinkBench.Until(() => moved.IsSet, "motion");
        Assert.True(detector.IsMotionDetected);
    }

    [Fact]
    public void A_buzzer_sounds_by_software_PWM()
    {
        using (var channel = new SoftwarePwmChannel(_lines.Add("buzzer"), 400, 0.5, controller: _controller, shouldDispose: false))
        using (var buzzer = new Buzzer(channel))
        {
            buzzer.StartPlaying(500);
            SinkBench.Until(() => _gpio.Levels(Chip, 2).Count > 20, "ten periods");
            buzzer.StopPlaying();
        }

        bool[] levels = [.. _gpio.Levels(Chip, 2).SkipWhile(level => !level)];
        for (int i = 1; i < 20; i++) Assert.NotEqual(levels[i - 1], levels[i]);
        _controller.Dispose();
        Assert.False(_gpio.Holder(Chip, 2).IsHeld);
    }
}
