using System.Globalization;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>A sensitivity report as rows of words, for the terminal and the page.</summary>
internal static class SensitivityTable
{
    /// <summary>What the layers' table says, in one sentence.</summary>
    public const string LayersNote =
        "Each row: the network's output against fp32 when this layer alone computes in int8, its input and weights. KL is in thousandths of a nat.";

    /// <summary>What the blocks' table says, in one sentence.</summary>
    public const string BlocksNote = "||F||/||x||: size of the block's branch beside its shortcut. int8: this block alone quantised. "
        + "hidden: the branch left out of the fp32 network, without repair.";

    /// <summary>Head and one row per layer.</summary>
    public static List<string[]> Layers(SensitivityReport sensitivity) =>
    [
        ["layer", "op", "MMAC", "SQNR dB", "cosine", "KL mnat", "same class"],
        .. sensitivity.Layers.Select(l => (string[])[l.Layer, l.Operation, Millions(l.Macs), .. Words(l.Quantized)]),
    ];

    /// <summary>Head and one row per block.</summary>
    public static List<string[]> Blocks(SensitivityReport sensitivity) =>
    [
        ["block", "shortcut", "MMAC", "||F||/||x||", "int8 SQNR dB", "int8 KL mnat", "hidden KL nat", "hidden: same class",
            .. sensitivity.HasLabels ? (string[])["hidden: right"] : []],
        .. sensitivity.Blocks.Select(b => (string[])
        [
            b.Block, b.Shortcut, Millions(b.Macs), Number(b.BranchRatio, "f3"), Number(b.Quantized?.SqnrDb, "f1"),
            Number(1000 * b.Quantized?.KlNats, "f3"), Number(b.Hidden.KlNats, "f3"),
            Percent(b.Hidden.Agreement), .. sensitivity.HasLabels ? (string[])[$"{b.HiddenRight} of {sensitivity.HidingImages}"] : [],
        ]),
    ];

    /// <summary>Prints tables in columns.</summary>
    public static void Print(TextWriter writer, SensitivityReport sensitivity)
    {
        if (sensitivity.Quantized is { } whole)
            writer.WriteLine($"  sensitivity, on {sensitivity.Images} calibration pictures; "
                + $"the whole int8 network: SQNR {Number(whole.SqnrDb, "f1")} dB, cosine {Number(whole.Cosine, "f4")}, "
                + $"KL {Number(1000 * whole.KlNats, "f3")} mnat");
        if (sensitivity.Layers.Count > 0) Print(writer, Layers(sensitivity), LayersNote);
        if (sensitivity.Blocks.Count > 0)
            Print(writer, Blocks(sensitivity), $"{BlocksNote} Hidden on {sensitivity.HidingImages} "
                + $"pictures{(sensitivity.Right is { } right ? $", of which fp32 has {right} right" : "")}.");
    }

    private static void Print(TextWriter writer, List<string[]> rows, string note)
    {
        int[] widths = [.. rows[0].Select((_, c) => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
            writer.WriteLine(
                "  " + string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
        writer.WriteLine($"  ({note})");
    }

    private static string[] Words(OutputChange change) =>
        [Number(change.SqnrDb, "f1"), Number(change.Cosine, "f4"), Number(1000 * change.KlNats, "f3"), Percent(change.Agreement)];

    private static string Millions(long macs) => Number(macs / 1e6, "f1");

    private static string Percent(double? share) => share is { } s ? Number(100 * s, "f1") + " %" : "-";

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
