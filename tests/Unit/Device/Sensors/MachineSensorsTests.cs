using System.Text;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device.Sensors;

/// <summary>What sysfs says of heat and clock, on a sysfs of plain files; what is missing or nonsense is left out.</summary>
public class MachineSensorsTests
{
    [Fact]
    public void A_machine_that_says_nothing_gives_nothing()
    {
        using var root = new TempFolder();
        var state = new MachineSensors(root.Path).Read();
        Assert.Empty(state.Zones);
        Assert.Empty(state.Throttles);
        Assert.Null(state.CpuMHz);
        Assert.Null(state.Hottest);
    }

    [Fact]
    public void Zones_are_in_degrees_and_unconnected_sensors_are_left_out()
    {
        using var root = new TempFolder();
        Zone(root, 0, "cpu-thermal", "48312");
        Zone(root, 1, "gpu-thermal", "51000");
        Zone(root, 2, "broken", "-273150");
        Zone(root, 3, "text", "hot");
        Zone(root, 4, "far", "200000");
        File.WriteAllText(root.Write("sys/class/thermal/thermal_zone5/temp", "30000\n"u8), "30000\n"); // no type
        var state = new MachineSensors(root.Path).Read();
        Assert.Equal([("cpu-thermal", 48.312), ("gpu-thermal", 51.0), ("thermal_zone5", 30.0)], state.Zones.Select(z => (z.Name, z.Celsius)));
        Assert.Equal("gpu-thermal", state.Hottest!.Value.Name);
    }

    [Theory]
    [InlineData("0", new string[0])]
    [InlineData("50005", new[] { "under-voltage", "throttled" })]
    [InlineData("0x8", new[] { "soft temperature limit" })]
    [InlineData("f0000", new string[0])] // was so once since boot, is not now
    [InlineData("nonsense", new string[0])]
    public void A_Raspberry_Pi_tells_its_flags(string flags, string[] throttles)
    {
        using var root = new TempFolder();
        root.Write("sys/devices/platform/soc/soc:firmware/get_throttled", Encoding.ASCII.GetBytes(flags + "\n"));
        Assert.Equal(throttles, new MachineSensors(root.Path).Read().Throttles);
    }

    [Fact]
    public void Cooling_by_slowing_down_counts_and_a_fan_does_not()
    {
        using var root = new TempFolder();
        root.Write("sys/class/thermal/cooling_device0/type", "pwm-fan\n"u8);
        root.Write("sys/class/thermal/cooling_device0/cur_state", "3\n"u8);
        root.Write("sys/class/thermal/cooling_device1/type", "cpufreq-cpu0\n"u8);
        root.Write("sys/class/thermal/cooling_device1/cur_state", "0\n"u8);
        var sensors = new MachineSensors(root.Path);
        Assert.Empty(sensors.Read().Throttles);
        root.Write("sys/class/thermal/cooling_device1/cur_state", "2\n"u8);
        Assert.Equal(["cpufreq-cpu0 slows down"], sensors.Read().Throttles);
    }

    [Fact]
    public void A_counter_of_throttling_speaks_while_it_grows()
    {
        using var root = new TempFolder();
        var sensors = new MachineSensors(root.Path);
        Count(7);
        Assert.Empty(sensors.Read().Throttles); // it was so before we came
        Count(8);
        Assert.Single(sensors.Read().Throttles);
        Assert.Empty(sensors.Read().Throttles);

        void Count(int count) =>
            root.Write("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", Encoding.ASCII.GetBytes($"{count}\n"));
    }

    [Fact]
    public void The_clock_is_that_of_the_fastest_core()
    {
        using var root = new TempFolder();
        root.Write("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "600000\n"u8);
        root.Write("sys/devices/system/cpu/cpufreq/policy4/scaling_cur_freq", "2400000\n"u8);
        Assert.Equal(2400, new MachineSensors(root.Path).Read().CpuMHz);
    }

    private static void Zone(TempFolder root, int number, string type, string temp)
    {
        root.Write($"sys/class/thermal/thermal_zone{number}/type", Encoding.ASCII.GetBytes(type + "\n"));
        root.Write($"sys/class/thermal/thermal_zone{number}/temp", Encoding.ASCII.GetBytes(temp + "\n"));
    }
}
