using ResNetEdge.Cli.Reports;

namespace ResNetEdge.Cli.Bench;

/// <summary>The layers as a table for people.</summary>
internal static class LayerTable
{
    /// <summary>How the peak was found, for reports.</summary>
    public const string Note = "Share of peak: relative to the rate that the tier's own kernel reaches on data in the L1 cache, measured beforehand. "
        + "MiB: activations in and out, and packed weights. Each step is timed within whole inferences; p50.";

    private static readonly (string Head, Func<LayerReport, string> Text)[] Columns =
    [
        ("layer", l => $"{l.Operation} {l.Node}"),
        ("kernel", l => l.Kernel),
        ("p50 ms", l => $"{l.P50Ms:F4}"),
        ("time", l => $"{l.TimeShare:P1}"),
        ("GMAC/s", l => l.GmacPerS is { } rate ? $"{rate:F1}" : ""),
        ("of peak", l => l.PeakShare is { } share ? $"{share:P0}" : ""),
        ("act MiB", l => $"{l.ActivationBytes / (double)(1 << 20):F3}"),
        ("weight MiB", l => $"{l.WeightBytes / (double)(1 << 20):F3}"),
    ];

    private const int TextColumns = 2;

    /// <summary>Column heads and cells, the first two columns left, the others right aligned.</summary>
    public static IReadOnlyList<string[]> Rows(IReadOnlyList<LayerReport> layers) =>
        [[.. Columns.Select(c => c.Head)], .. layers.Select(l => (string[])[.. Columns.Select(c => c.Text(l))])];

    /// <summary>Prints the table, the sum and what the columns mean.</summary>
    public static void Print(TextWriter writer, IReadOnlyList<LayerReport> layers)
    {
        var rows = Rows(layers);
        var widths = Enumerable.Range(0, Columns.Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        writer.WriteLine();
        foreach (string[] row in rows)
            writer.WriteLine(string.Join("  ", row.Select((cell, c) => c < TextColumns ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))));
        writer.WriteLine($"\n{layers.Count} layers, {layers.Sum(l => l.P50Ms):F3} ms in all. {Note}");
    }
}
