using ResNetEdge.Cli.Reports;

namespace ResNetEdge.Cli.Bench;

/// <summary>The bench report as a table for people.</summary>
internal static class BenchTable
{
    private static readonly (string Head, Func<EngineBench, string> Text)[] Columns =
    [
        ("engine", e => e.Engine),
        ("p50 ms", e => $"{e.P50Ms:F3}"),
        ("p90 ms", e => $"{e.P90Ms:F3}"),
        ("p99 ms", e => $"{e.P99Ms:F3}"),
        ("min ms", e => $"{e.MinMs:F3}"),
        ("runs", e => $"{e.Runs}"),
        ("load ms", e => $"{e.LoadMs:F1}"),
        ("first ms", e => $"{e.FirstInferMs:F1}"),
        ("peak MiB", e => e.PeakRssMib is { } mib ? $"{mib:F1}" : "?"),
        ("+MiB", e => e.PeakRssIncreaseMib is { } mib ? $"{mib:F1}" : "?"),
        ("bytes/run", e => $"{e.AllocatedBytesPerRun}"),
    ];

    /// <summary>Column heads and cells, the first column left, the others right aligned.</summary>
    public static IReadOnlyList<string[]> Rows(BenchReport report) =>
        [[.. Columns.Select(c => c.Head)], .. report.Engines.Select(e => (string[])[.. Columns.Select(c => c.Text(e))])];

    /// <summary>Prints machine and table.</summary>
    public static void Print(TextWriter writer, BenchReport report)
    {
        writer.WriteLine($"{report.Model} on {Place(report)}");
        writer.WriteLine();
        var rows = Rows(report);
        var widths = Enumerable.Range(0, Columns.Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (string[] row in rows)
            writer.WriteLine(string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))));
        foreach (var engine in report.Engines)
        {
            if (engine.FirstResultMs is { } ms) writer.WriteLine($"\nFirst result of {engine.Engine}: {ms:F0} ms after the process started.");
        }

        if (report.Engines.Count < 2) return;
        var first = report.Engines[0];
        foreach (var other in report.Engines.Skip(1))
            writer.WriteLine($"{first.Engine} takes {first.P50Ms / other.P50Ms:F2} times as long as {other.Engine} (p50, {Threads(first.Threads)}).");
    }

    /// <summary>Machine, threads, program and date on one line.</summary>
    public static string Place(BenchReport report)
    {
        var machine = report.Machine;
        return $"{machine.Cpu} ({machine.Cores} cores), {Threads(report.Engines[0].Threads)}, {machine.Os}, "
            + $"resnetedge {machine.Version}, {machine.Dotnet}"
            + (report.OnnxRuntimeVersion == null ? "" : $", ONNX Runtime {report.OnnxRuntimeVersion}") + $", {machine.Date}";
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";
}
