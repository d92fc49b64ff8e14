namespace ResNetEdge.Tests.Unit.Device.Cpu;

/// <summary>
/// Processors of boards as /sys/devices/system/cpu of their systems describes them: number of cores, the files that tell them apart.
/// </summary>
internal static class Boards
{
    /// <summary>Four Cortex-A72 that share a second cache; no third.</summary>
    public static Board RaspberryPi4 { get; } = new(4, i => new() { ["topology/cluster_cpus_list"] = "0-3", ["topology/package_cpus_list"] = "0-3" });

    /// <summary>Four Cortex-A76, each with a second cache of its own, that share the third.</summary>
    public static Board RaspberryPi5 { get; } = new(4, i => new()
    {
        ["cache/index3/shared_cpu_list"] = "0-3",
        ["topology/cluster_cpus_list"] = $"{i}",
        ["topology/package_cpus_list"] = "0-3",
    });

    /// <summary>Cortex-A78AE in clusters of four and two.</summary>
    public static Board OrinNano { get; } = Orin(6);

    /// <summary>Cortex-A78AE in two clusters of four.</summary>
    public static Board OrinNx { get; } = Orin(8);

    /// <summary>Cortex-A78AE in three clusters of four.</summary>
    public static Board AgxOrin { get; } = Orin(12);

    /// <summary>Four small Cortex-A55, then four Cortex-A76, all on one third cache.</summary>
    public static Board Rk3588 { get; } = new(8, i => new()
    {
        ["cpu_capacity"] = i < 4 ? "530" : "1024",
        ["cache/index3/shared_cpu_list"] = "0-7",
        ["topology/cluster_cpus_list"] = i < 4 ? "0-3" : "4-7",
    });

    /// <summary>A desktop's four cores with two hardware threads each.</summary>
    public static Board Desktop { get; } = new(8, i => new()
    {
        ["topology/thread_siblings_list"] = $"{i % 4},{i % 4 + 4}",
        ["topology/cluster_cpus_list"] = $"{i % 4},{i % 4 + 4}",
        ["cache/index3/shared_cpu_list"] = "0-7",
    });

    private static Board Orin(int cores) => new(cores, i => new()
    {
        ["cpu_capacity"] = "1024",
        ["cache/index3/shared_cpu_list"] = $"{i / 4 * 4}-{Math.Min(cores, i / 4 * 4 + 4) - 1}",
        ["topology/thread_siblings_list"] = $"{i}",
        ["topology/package_cpus_list"] = $"0-{cores - 1}",
    });
}
