using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Device.Pins;

public class GpioLineTests
{
    private readonly FakeGpio _gpio = new();

    public GpioLineTests()
    {
        _gpio.Plug("/dev/gpiochip1", "expander", "", "lamp", "both");
        _gpio.Plug("/dev/gpiochip0", "soc", "button", "both");
    }

    [Fact]
    public void A_line_is_found_by_its_name_on_whatever_chip_and_has_its_value_from_the_first_moment()
    {
        using (var line = Open(new("lamp", null, null), isActive: true))
        {
            line.Set(false);
            line.Set(true);
            Assert.True(line.Get());
            Assert.Equal((true, "resnetedge"), _gpio.Holder("/dev/gpiochip1", 1));
            Assert.Equal(1, _gpio.OpenCount); // the line; chips were only looked at
        }

        Assert.Equal([true, false, true], _gpio.Levels("/dev/gpiochip1", 1));
        Assert.False(_gpio.Holder("/dev/gpiochip1", 1).IsHeld);
    }

    [Fact]
    public void Active_low_drives_the_low_level()
    {
        using var line = GpioLine.Open(_gpio, new(null, "expander", 0), isActiveLow: true, isActive: false);
        line.Set(true);
        Assert.True(line.Get());
        Assert.Equal([true, false], _gpio.Levels("/dev/gpiochip1", 0));
    }

    [Fact]
    public void What_cannot_be_had_is_told()
    {
        Assert.Equal(
            "no line 'lamb'; the chips are 'soc', 'expander', with lines such as button, both, lamp, both", Refusal(new("lamb", null, null)));
        Assert.Equal("line 'both' exists 2 times, on 'soc' and 'expander'; set 'chip' and 'offset'", Refusal(new("both", null, null)));
        Open(new("both", "soc", null), false).Dispose();
        Assert.Equal("no line 3 of 'expander'; the chips are 'soc', 'expander', with lines such as button, both, lamp, both",
            Refusal(new(null, "expander", 3)));
        _gpio.Take("/dev/gpiochip1", 1, isTaken: true);
        Assert.Equal("line 'lamp' cannot be requested: in use by another program; 'resnetedge doctor' shows which", Refusal(new("lamp", null, null)));
        _gpio.OpenError = Libc.Eacces;
        var e = Assert.Throws<GpioException>(() => Open(new("lamp", null, null), false));
        Assert.True(e.IsPermission);
        Assert.Equal("/dev/gpiochip0 cannot be opened: no permission; add the user to the group that owns /dev/gpiochip*, usually 'gpio'", e.Message);
        Assert.Equal(
            "no line 'lamp'; this machine has no GPIO chip",
            Assert.Throws<GpioException>(() => GpioLine.Open(new FakeGpio(), new("lamp", null, null), false, false)).Message);
        Assert.Equal(0, _gpio.OpenCount);
    }

    [Fact]
    public void A_chip_that_is_gone_is_told_by_every_call()
    {
        using var line = Open(new("lamp", null, null), false);
        _gpio.Unplug("/dev/gpiochip1");
        Assert.Equal("line 'lamp' cannot be set: its chip is gone", Assert.Throws<GpioException>(() => line.Set(true)).Message);
        Assert.Equal(Libc.Enodev, Assert.Throws<GpioException>(() => line.Get()).Error);
    }

    private GpioLine Open(GpioAddress address, bool isActive) => GpioLine.Open(_gpio, address, isActiveLow: false, isActive);

    private string Refusal(GpioAddress address) => Assert.Throws<GpioException>(() => Open(address, false)).Message;
}
