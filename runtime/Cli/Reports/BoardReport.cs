using System.Text.Json;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Cli.Reports;

/// <summary>A board and its processors. What the system does not tell is null.</summary>
internal sealed class BoardReport
{
    private const double Kilo = 1000;

    /// <summary>As the firmware names it: <c>Raspberry Pi 5 Model B Rev 1.0</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Number of the power mode of a Jetson.</summary>
    public string? PowerMode { get; init; }

    /// <summary>Processors that this process may use.</summary>
    public required IReadOnlyList<CpuCore> Cores { get; init; }

    /// <summary>Reads this machine.</summary>
    public static BoardReport Read() => new()
    {
        Model = ProcFile.Line("/proc/device-tree/model")?.TrimEnd('\0') ?? ProcFile.Line("/sys/class/dmi/id/product_name"),
        PowerMode = ProcFile.Line("/var/lib/nvpmodel/status"),
        Cores = CpuCores.Available,
    };

    /// <summary>Writes <c>"board":{...}</c>, with the clock of each processor at this moment.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject("board"u8);
        if (Model is not null) json.WriteString("model"u8, Model);
        if (PowerMode is not null) json.WriteString("power_mode"u8, PowerMode);
        json.WriteStartArray("cores"u8);
        foreach (var core in Cores) Write(json, core);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CpuCore core)
    {
        string folder = $"/sys/devices/system/cpu/cpu{core.Index}/cpufreq/";
        json.WriteStartObject();
        json.WriteNumber("index"u8, core.Index);
        json.WriteNumber("capacity"u8, core.Capacity);
        json.WriteNumber("sibling"u8, core.Sibling);
        json.WriteNumber("cluster"u8, core.Cluster);
        if (ProcFile.Number(ProcFile.Line(folder + "scaling_cur_freq")) is { } clock) json.WriteNumber("clock_mhz"u8, clock / Kilo);
        if (ProcFile.Number(ProcFile.Line(folder + "cpuinfo_max_freq")) is { } most) json.WriteNumber("max_clock_mhz"u8, most / Kilo);
        json.WriteEndObject();
    }
}
