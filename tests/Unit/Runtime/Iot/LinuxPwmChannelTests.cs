using Iot.Device.ServoMotor;
using ResNetEdge.Iot;

namespace ResNetEdge.Tests.Unit.Runtime.Iot;

/// <summary>A channel against files as the kernel has them; what it refuses is checked by what is read back.</summary>
public sealed class LinuxPwmChannelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pwm").FullName;

    public LinuxPwmChannelTests()
    {
        // A chip is a link to its folder below its device's.
        string chip = Directory.CreateDirectory(In("devices/fe20c000.pwm/pwm/pwmchip3")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(chip, "device"), "../../../fe20c000.pwm");
        Directory.CreateDirectory(In("pwm"));
        Directory.CreateSymbolicLink(In("pwm/pwmchip3"), chip);
        File.WriteAllText(Path.Combine(chip, "npwm"), "2\n");
        foreach (string file in new[] { "export", "unexport" }) File.WriteAllText(Path.Combine(chip, file), "");
        Directory.CreateDirectory(Path.Combine(chip, "pwm1"));
        foreach (string file in new[] { "period", "duty_cycle", "enable" }) File.WriteAllText(Path.Combine(chip, "pwm1", file), "0\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pwmchip3")]
    [InlineData("fe20c000.pwm")]
    public void A_chip_is_found_by_its_number_or_its_device(string chip)
    {
        using (var channel = new LinuxPwmChannel(chip, 1, 50, 0.075, In("pwm")))
        {
            Assert.Equal(("20000000", "1500000", "0"), (Read("period"), Read("duty_cycle"), Read("enable")));
            channel.Start();
            Assert.Equal("1", Read("enable"));
            channel.Frequency = 1000; // a period shorter than the active time of before
            Assert.Equal(("1000000", "75000"), (Read("period"), Read("duty_cycle")));
            channel.DutyCycle = 1;
            Assert.Equal("1000000", Read("duty_cycle"));
        }

        Assert.Equal("0", Read("enable"));
        Assert.Equal("1", File.ReadAllText(In("pwm/pwmchip3/unexport")));
    }

    [Fact]
    public void A_servo_of_the_package_turns_on_it()
    {
        using var servo = new ServoMotor(new LinuxPwmChannel("fe20c000.pwm", 1, 50, 0, In("pwm")), 180, 1000, 2000);
        servo.WriteAngle(90);
        servo.Start();
        Assert.Equal(("20000000", "1500000", "1"), (Read("period"), Read("duty_cycle"), Read("enable")));
        servo.WriteAngle(180);
        Assert.Equal("2000000", Read("duty_cycle"));
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        Assert.Equal("no PWM chip 'pwmchip0'; the chips are 'fe20c000.pwm'",
            Assert.Throws<IOException>(() => new LinuxPwmChannel("pwmchip0", 0, 50, 0, In("pwm"))).Message);
        Assert.Equal("PWM chip 'pwmchip3' has no channel 2",
            Assert.Throws<IOException>(() => new LinuxPwmChannel("pwmchip3", 2, 50, 0, In("pwm"))).Message);
        Assert.Equal("no PWM chip 'pwmchip0'; this machine has no PWM chip",
            Assert.Throws<IOException>(() => new LinuxPwmChannel("pwmchip0", 0, 50, 0, In("nowhere"))).Message);
    }

    private string Read(string file) => File.ReadAllText(In($"pwm/pwmchip3/pwm1/{file}"));

    private string In(string name) => Path.Combine(_folder, name);
}
