namespace ResNetEdge.Device.Sensors;

/// <summary>
/// Reads temperature, clock and throttling from sysfs: thermal zones and cooling devices of any board, cpufreq, the firmware's flags of a
/// Raspberry Pi (what <c>vcgencmd get_throttled</c> prints), the over-current and thermal counters of Jetson boards and of x86.
/// </summary>
/// <param name="root">Of the file system; another one in tests and benches.</param>
/// <remarks>
/// Sources: Linux, Documentation/ABI/testing/sysfs-class-thermal, Documentation/admin-guide/pm/cpufreq.rst; Raspberry Pi documentation of
/// get_throttled (bits 0 to 3: now; 16 to 19: since boot). Zones outside -40 to 150 degrees are taken for unconnected sensors.
/// </remarks>
internal sealed class MachineSensors(string root = "/")
{
    private const double Coldest = -40, Hottest = 150;
    private static readonly string[] PiFlags = ["under-voltage", "frequency capped", "throttled", "soft temperature limit"]; // bits 0 to 3
    private readonly string _thermal = Path.Combine(root, "sys/class/thermal");
    private readonly string _cpus = Path.Combine(root, "sys/devices/system/cpu");
    private readonly string _piFlags = Path.Combine(root, "sys/devices/platform/soc/soc:firmware/get_throttled");
    private long? _throttleCount;

    /// <summary>Reads everything once; what does not answer is left out.</summary>
    public MachineState Read() => new(Zones(), CpuMHz(), Throttles());

    private List<ThermalZone> Zones()
    {
        var zones = new List<ThermalZone>();
        foreach (string folder in SysFile.Folders(_thermal, "thermal_zone"))
        {
            if (SysFile.ReadNumber(Path.Combine(folder, "temp")) is not { } milli || milli / 1000.0 is not (> Coldest and < Hottest)) continue;
            zones.Add(new ThermalZone(SysFile.ReadLine(Path.Combine(folder, "type")) ?? Path.GetFileName(folder), milli / 1000.0));
        }

        return zones;
    }

    private double? CpuMHz()
    {
        double? fastest = null;
        foreach (string policy in SysFile.Folders(Path.Combine(_cpus, "cpufreq"), "policy"))
        {
            if (SysFile.ReadNumber(Path.Combine(policy, "scaling_cur_freq")) is { } kilo) fastest = Math.Max(fastest ?? 0, kilo / 1000.0);
        }

        return fastest;
    }

    private List<string> Throttles()
    {
        var reasons = new List<string>();
        if (SysFile.ReadHex(_piFlags) is { } flags)
        {
            for (int bit = 0; bit < PiFlags.Length; bit++)
            {
                if ((flags >> bit & 1) != 0) reasons.Add(PiFlags[bit]);
            }
        }

        foreach (string device in SysFile.Folders(_thermal, "cooling_device"))
        {
            // Fans cool without slowing anything down.
            string type = SysFile.ReadLine(Path.Combine(device, "type")) ?? "";
            bool slows = type.Contains("cpu", StringComparison.OrdinalIgnoreCase) || type.Contains("Processor", StringComparison.Ordinal)
                || type.Contains("throttle", StringComparison.OrdinalIgnoreCase);
            if (slows && SysFile.ReadNumber(Path.Combine(device, "cur_state")) > 0) reasons.Add($"{type} slows down");
        }

        long count = 0;
        foreach (string cpu in SysFile.Folders(_cpus, "cpu"))
            count += SysFile.ReadNumber(Path.Combine(cpu, "thermal_throttle/core_throttle_count")) ?? 0;
        if (count > _throttleCount) reasons.Add("thermal throttling of the processor");
        _throttleCount = count;
        return [.. reasons.Distinct(StringComparer.Ordinal)];
    }
}
