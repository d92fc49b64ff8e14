using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Cli.Reports;

/// <summary>The machine that figures were measured on, so that they can be compared later. What the system does not tell is null.</summary>
internal sealed record MachineReport
{
    public required string Cpu { get; init; }

    /// <summary>Processors that this process may use.</summary>
    public required int Cores { get; init; }

    public required string Architecture { get; init; }

    /// <summary>Instruction sets that matter to kernels, present in the processor whether used or not.</summary>
    public required IReadOnlyList<string> CpuFeatures { get; init; }

    /// <summary>First cache, data, of a core.</summary>
    public double? L1dKib { get; init; }

    /// <summary>Second cache of a core.</summary>
    public double? L2Kib { get; init; }

    /// <summary>Third cache, shared.</summary>
    public double? L3Kib { get; init; }

    /// <summary>The tier that the fused engine takes unless told otherwise.</summary>
    public required string KernelTier { get; init; }

    public string? Governor { get; init; }

    public double? ClockMhz { get; init; }

    public double? MaxClockMhz { get; init; }

    public double? TemperatureC { get; init; }

    public double? MemoryMib { get; init; }

    public required string Os { get; init; }

    public required string Kernel { get; init; }

    public required string Dotnet { get; init; }

    public required string Version { get; init; }

    public string? Commit { get; init; }

    /// <summary>ISO 8601, UTC.</summary>
    public required string Date { get; init; }

    /// <summary>Reads this machine.</summary>
    public static MachineReport Read()
    {
        const string frequency = "/sys/devices/system/cpu/cpu0/cpufreq/";
        const double kilo = 1000;
        return new MachineReport
        {
            Cpu = Device.Cpu.CpuFeatures.ModelName is { Length: > 0 } name ? name : ProcFile.Field("/proc/cpuinfo", "model name") ?? "unknown",
            Cores = Environment.ProcessorCount,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            CpuFeatures = Device.Cpu.CpuFeatures.Names,
            L1dKib = Kibibytes(CpuCaches.Here.L1d),
            L2Kib = Kibibytes(CpuCaches.Here.L2),
            L3Kib = Kibibytes(CpuCaches.Here.L3),
            KernelTier = KernelTiers.Best.Name,
            Governor = ProcFile.Line(frequency + "scaling_governor"),
            ClockMhz = ProcFile.Number(ProcFile.Line(frequency + "scaling_cur_freq")) / kilo
                ?? ProcFile.Number(ProcFile.Field("/proc/cpuinfo", "cpu MHz")),
            MaxClockMhz = ProcFile.Number(ProcFile.Line(frequency + "cpuinfo_max_freq")) / kilo,
            TemperatureC = ProcFile.Number(ProcFile.Line("/sys/class/thermal/thermal_zone0/temp")) / kilo,
            MemoryMib = ProcFile.Number(ProcFile.Field("/proc/meminfo", "MemTotal")?.Split(' ')[0]) is { } kibibytes
                ? Math.Round(kibibytes / 1024) : null,
            Os = ProcFile.Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
            Kernel = ProcFile.Line("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.VersionString,
            Dotnet = BuildInfo.Runtime,
            Version = BuildInfo.Version,
            Commit = BuildInfo.Commit,
            Date = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        };
    }

    private static double? Kibibytes(long bytes) => bytes == 0 ? null : bytes / 1024.0;
}
