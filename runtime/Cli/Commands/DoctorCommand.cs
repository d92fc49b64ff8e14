using ResNetEdge.Backends.Cpu;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Cli.Commands;

/// <summary><c>resnetedge doctor</c>: what this machine has and what is missing. Exit 0 even when something is: it is the finding.</summary>
internal static class DoctorCommand
{
    public static Verb Verb { get; } = Of(static () => []);

    /// <summary>Command line of <c>doctor</c>.</summary>
    /// <param name="libraries">What another program looks for besides.</param>
    public static Verb Of(Func<IEnumerable<Part>> libraries) => new()
    {
        Name = "doctor",
        Summary = "Describes this machine: processor, kernel tiers, engines, libraries, cameras, GPIO lines.",
        Operands = "",
        MinOperands = 0,
        MaxOperands = 0,
        Options = [CommonOptions.Json],
        Notes = "Attach its --json output to every problem report.",
        Run = (arguments, terminal) => Run(arguments, terminal, libraries()),
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal, IEnumerable<Part> libraries)
    {
        var report = DoctorReport.Read();
        report = report with { Libraries = [.. report.Libraries, .. libraries] };
        if (arguments.Has(CommonOptions.Json.Name))
        {
            Json.WriteLine(terminal.Out, report, Json.Default.DoctorReport);
            return ExitCode.Done;
        }

        var (machine, output) = (report.Machine, terminal.Out);
        output.WriteLine($"Processor   {machine.Cpu}, {machine.Cores} cores, {machine.Architecture}; {string.Join(' ', machine.CpuFeatures)}");
        output.WriteLine(
            $"Caches      L1d {Text(machine.L1dKib, "F0")} KiB and L2 {Text(machine.L2Kib, "F0")} KiB a core, L3 {Text(machine.L3Kib, "F0")} KiB");
        output.WriteLine($"Clock       {Text(machine.ClockMhz, "F0")} MHz now, {Text(machine.MaxClockMhz, "F0")} MHz at most, "
            + $"governor {machine.Governor ?? "unknown"}");
        output.WriteLine($"Memory      {Text(machine.MemoryMib, "F0")} MiB");
        output.WriteLine($"System      {machine.Os}, Linux {machine.Kernel}");
        output.WriteLine($"Program     resnetedge {machine.Version}{(machine.Commit == null ? "" : $" ({machine.Commit})")}, {machine.Dotnet}");
        output.WriteLine();
        foreach (var tier in report.KernelTiers) output.WriteLine($"{(tier.Used ? "Kernels   > " : "Kernels     ")}{tier.Name,-14}{tier.Reason}");
        if (report.KernelDowngrade != null) output.WriteLine($"            {report.KernelDowngrade}");
        output.WriteLine(
            $"fp16        {(report.HalfArithmetic ? "computed in half arithmetic" : "computed in fp32: this core has no half arithmetic")}");
        output.WriteLine();
        foreach (var engine in report.Engines) output.WriteLine($"Engine      {engine.Name,-14}{(engine.Available ? Found(engine) : engine.Reason)}");
        foreach (var library in report.Libraries)
            output.WriteLine($"Library     {library.Name,-17}{(library.Available ? Found(library) : library.Reason)}");
        if (report.Cameras.Count == 0) output.WriteLine("Camera      none (no /dev/video*)");
        foreach (var camera in report.Cameras) output.WriteLine($"Camera      {camera.Device,-14}{Words(camera)}");
        foreach (var chip in report.Gpio.Chips)
            output.WriteLine($"GPIO        {chip.Label,-14}{chip.Path}, {chip.LineCount} "
                + $"lines{(chip.Lines.Count == 0 ? "" : $": {string.Join(", ", chip.Lines)}")}");
        foreach (string obstacle in report.Gpio.Obstacles) output.WriteLine($"GPIO        {obstacle}");
        return ExitCode.Done;
    }

    private static string Words(VideoDevice camera)
    {
        const int most = 8;
        string who = camera.Card == null ? "" : $"{camera.Card} (driver {camera.Driver}): ";
        string modes =
            $"{string.Join(", ", camera.Modes.Take(most))}{(camera.Modes.Count > most ? $" and {camera.Modes.Count - most} more (--json)" : "")}";
        return who + (camera.Obstacle ?? modes);
    }

    private static string Found(Part part) =>
        $"available{(part.Version == null ? "" : " " + part.Version)}{(part.Path == null ? "" : $", {part.Path}")}";

    private static string Text(double? value, string format) => value?.ToString(format) ?? "unknown";
}
