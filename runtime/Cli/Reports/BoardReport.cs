using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Cli.Reports;

/// <summary>A board and its processors. What the system does not tell is null.</summary>
/// <param name="Model">As the firmware names it: <c>Raspberry Pi 5 Model B Rev 1.0</c>.</param>
/// <param name="PowerMode">Number of the power mode of a Jetson.</param>
/// <param name="Cores">Those that this process may use.</param>
internal sealed record BoardReport(string? Model, string? PowerMode, IReadOnlyList<CoreReport> Cores)
{
    /// <summary>Reads this machine.</summary>
    public static BoardReport Read() => new(
        ProcFile.Line("/proc/device-tree/model")?.TrimEnd('\0') ?? ProcFile.Line("/sys/class/dmi/id/product_name"),
        ProcFile.Line("/var/lib/nvpmodel/status"),
        [.. CpuCores.Available.OrderBy(c => c.Index).Select(CoreReport.Read)]);
}

/// <summary>One processor.</summary>
/// <param name="Index">The system's number.</param>
/// <param name="Capacity">1024 for the fastest.</param>
/// <param name="Cluster">Lowest number of its cluster.</param>
/// <param name="ClockMhz">At this moment.</param>
/// <param name="MaxClockMhz">What it may reach.</param>
internal sealed record CoreReport(int Index, int Capacity, int Cluster, double? ClockMhz, double? MaxClockMhz)
{
    /// <summary>Reads one.</summary>
    public static CoreReport Read(CpuCore core)
    {
        const double kilo = 1000;
        string folder = $"/sys/devices/system/cpu/cpu{core.Index}/cpufreq/";
        return new(core.Index, core.Capacity, core.Cluster,
            ProcFile.Number(ProcFile.Line(folder + "scaling_cur_freq")) / kilo, ProcFile.Number(ProcFile.Line(folder + "cpuinfo_max_freq")) / kilo);
    }
}
