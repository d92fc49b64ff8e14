using System.Net;
using System.Text;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>
/// A package's sensitivity report as one HTML page that needs nothing else: no network, no script,
/// light or dark as the reader's system is, narrow screens too.
/// </summary>
internal static class SensitivityPage
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1d2330;--soft:#5b6475;--line:#d9dde5;--paper:#fff;--bar:#0072b2;--warm:#d55e00;--leaf:#009e73}
        @media(prefers-color-scheme:dark){:root{--ink:#e7eaf0;--soft:#a3acbd;--line:#363d4b;--paper:#14171d;--bar:#56b4e9;--warm:#f0a04b;--leaf:#2fc79a}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:56rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2rem 0 .25rem}
        p{margin:.25rem 0 .75rem}small,.note{color:var(--soft);font-size:.875rem}.wide{overflow-x:auto}
        table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        th:first-child,td:first-child{text-align:left}
        .bar{display:grid;grid-template-columns:minmax(6rem,14rem) 1fr 4.5rem;gap:.5rem;align-items:center;font-size:.875rem}
        .bar span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.bar b{font-weight:400;text-align:right;font-variant-numeric:tabular-nums}
        .bar i{display:block;height:.7rem;background:var(--bar);border-radius:2px;min-width:1px}.warm i{background:var(--warm)}.leaf i{background:var(--leaf)}
        svg{width:100%;height:auto;max-width:44rem}svg text{fill:var(--ink);font:14px system-ui,sans-serif}svg .axis{stroke:var(--line)}
        @media(max-width:30rem){.bar{grid-template-columns:6.5rem 1fr 4rem}}
        """;

    /// <summary>Writes the page whole or not at all.</summary>
    /// <param name="path">Of the page.</param>
    /// <param name="manifest">Of the package.</param>
    /// <param name="sensitivity">Its sensitivity report, or null.</param>
    /// <param name="frontier">What <c>hide</c> measured, level 0 first, or null; one of the two there is.</param>
    /// <exception cref="EdgeException">Exit 5: the file cannot be written.</exception>
    public static void Write(string path, Manifest manifest, SensitivityReport? sensitivity, IReadOnlyList<FrontierReport>? frontier) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Html(manifest, sensitivity, frontier))));

    /// <summary>The whole page as HTML.</summary>
    internal static string Html(Manifest manifest, SensitivityReport? sensitivity, IReadOnlyList<FrontierReport>? frontier)
    {
        string title = $"{manifest.Name}, {manifest.Precision}: sensitivity";
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            + "content=\"width=device-width,initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>")
            .Append(Escape(title))
            .Append("</title>\n<style>\n").Append(Style).Append("\n</style></head>\n<body><main>\n<h1>").Append(Escape(title)).Append("</h1>\n");
        AppendSummary(page, manifest, sensitivity);
        if (frontier is not null) AppendFrontier(page, frontier);
        if (sensitivity is not null)
        {
            AppendBlocks(page, sensitivity);
            AppendLayers(page, sensitivity);
        }

        return page.Append("</main></body></html>\n").ToString();
    }

    private static void AppendSummary(StringBuilder page, Manifest manifest, SensitivityReport? sensitivity)
    {
        page.Append("<p>Written by version ").Append(Escape(manifest.ExporterVersion))
            .Append(sensitivity is null ? "" : $"; {sensitivity.Macs / 1e6:f1} million multiply-accumulates").Append(".</p>\n");
        if (manifest.Accuracy is { Images: > 0 } accuracy)
        {
            var (low, high) = WilsonInterval.Of(accuracy.Right, accuracy.Images);
            page.Append($"<p>{accuracy.Right} of {accuracy.Images} pictures right, {100 * accuracy.Top1:f2} % (95 % interval "
                + $"{100 * low:f1} to {100 * high:f1} %); ")
                .Append($"fp32 {accuracy.ReferenceRight}, the same answer on {100 * accuracy.Agreement:f2} %.</p>\n");
        }

        if (sensitivity?.Quantized is { } whole)
            page.Append($"<p>The whole int8 network's output against fp32, on {sensitivity.Images} calibration pictures: "
                + $"SQNR {whole.SqnrDb:f1} dB, cosine {whole.Cosine:f4}")
                .Append(whole.KlNats is { } kl ? $", KL {1000 * kl:f3} thousandths of a nat" : "").Append(".</p>\n");
    }

    private static void AppendFrontier(StringBuilder page, IReadOnlyList<FrontierReport> frontier)
    {
        page.Append("<h2>Accuracy against latency</h2>\n<p class=\"note\">Top-1 with its 95 % interval, on pictures not used for choosing, "
            + "over the median latency of one inference on the exporting machine. "
            + "Each level hides (prunes) one more block and repairs the rest.</p>\n");
        new ScatterPlot("milliseconds", "f3", [.. frontier.Select(f => new PlotPoint(
            $"level {f.Level}{(f.HiddenBlocks.Count == 0 ? "" : $" without {string.Join(", ", f.HiddenBlocks)}")}: "
                + $"{100 * f.Top1:f2} % at {f.P50Ms:f3} ms",
            f.P50Ms, 100 * f.Top1, f.Level == 0 ? "--leaf" : f.IsWithinGate ? "--bar" : "--warm", 100 * f.Top1Low, 100 * f.Top1High))],
            IsLine: true).Append(page);
        AppendTable(page,
        [
            ["level", "hidden block", "MMAC", "KiB", "p50 ms", "top-1", "points lost", "same answer"],
            .. frontier.Select(f => (string[])[$"{f.Level}", f.Block ?? "-", $"{f.Macs / 1e6:f1}", $"{f.Bytes / 1024.0:f0}", $"{f.P50Ms:f3}",
                $"{100 * f.Top1:f2} %", $"{f.DropPoints:f2}", $"{100 * f.Agreement:f2} %"]),
        ], "Orange: more accuracy lost than allowed.");
    }

    // Right answers where there are labels, else agreement with the whole network.
    private static void AppendWorth(StringBuilder page, SensitivityReport sensitivity)
    {
        if (sensitivity.Macs <= 0 || (sensitivity.HasLabels && sensitivity.HidingImages == 0)) return;
        double Percent(int right) => 100.0 * right / sensitivity.HidingImages;
        page.Append("<h2>Accuracy against work</h2>\n<p class=\"note\">")
            .Append(sensitivity.HasLabels ? "Right answers" : "Same answer as the whole network")
            .Append(" over multiply-accumulates. Each dot: one block left out, without repair; green: the whole network.</p>\n");
        new ScatterPlot("million multiply-accumulates", "f1",
        [
            .. sensitivity.Blocks.Select(b =>
                (Block: b, Share: sensitivity.HasLabels ? Percent(b.HiddenRight ?? 0) : 100 * (b.Hidden.Agreement ?? Math.Max(0, b.Hidden.Cosine))))
                .Select(p =>
                    new PlotPoint($"without {p.Block.Block}: {p.Share:f1} %", Math.Max(0, sensitivity.Macs - p.Block.Macs) / 1e6, p.Share, "--warm")),
            new("the whole network", sensitivity.Macs / 1e6, sensitivity.HasLabels ? Percent(sensitivity.Right ?? 0) : 100, "--leaf"),
        ], IsLine: false).Append(page);
    }

    private static void AppendBlocks(StringBuilder page, SensitivityReport sensitivity)
    {
        if (sensitivity.Blocks.Count == 0) return;
        page.Append("<h2>What each residual block is worth</h2>\n<p class=\"note\">Divergence of the answers (KL, nats; "
            + "where there are no classes: 1 − cosine) when the block's branch is left out, without repair: "
            + "a block with a short bar can be hidden.</p>\n");
        AppendBars(page, "warm", sensitivity.Blocks.Select(b => (b.Block, b.Hidden.KlNats ?? 1 - b.Hidden.Cosine)), "f3");
        page.Append("<h2>How much each block adds</h2>\n<p class=\"note\">Size of the branch beside its shortcut, ‖F(x)‖ / ‖x‖: "
            + "near 0 the block is near the identity.</p>\n");
        AppendBars(page, "leaf", sensitivity.Blocks.Select(b => (b.Block, b.BranchRatio)), "f3");
        if (sensitivity.Quantized is not null)
        {
            page.Append("<h2>What int8 costs in each block</h2>\n<p class=\"note\">The same divergence when this block alone is "
                + "quantised, in thousandths of a nat.</p>\n");
            AppendBars(page, "", sensitivity.Blocks.Select(b => (b.Block, 1000 * (b.Quantized?.KlNats ?? 1 - b.Quantized?.Cosine ?? 0))), "f3");
        }

        AppendWorth(page, sensitivity);
        AppendTable(page, SensitivityTable.Blocks(sensitivity), $"{SensitivityTable.BlocksNote} Hidden on {sensitivity.HidingImages} "
            + $"pictures{(sensitivity.Right is { } right ? $", of which fp32 has {right} right" : "")}.");
    }

    private static void AppendLayers(StringBuilder page, SensitivityReport sensitivity)
    {
        if (sensitivity.Layers.Count == 0) return;
        page.Append("<h2>What int8 costs in each layer</h2>\n<p class=\"note\">Divergence of the answers when this layer alone is "
            + "quantised, in thousandths of a nat.</p>\n");
        AppendBars(page, "", sensitivity.Layers.Select(l => (l.Layer, 1000 * (l.Quantized.KlNats ?? 1 - l.Quantized.Cosine))), "f3");
        AppendTable(page, SensitivityTable.Layers(sensitivity), SensitivityTable.LayersNote);
    }

    private static void AppendBars(StringBuilder page, string color, IEnumerable<(string Name, double Value)> rows, string format)
    {
        var all = rows.ToList();
        double longest = Math.Max(double.Epsilon, all.Max(r => r.Value));
        page.Append("<div class=\"").Append(color).Append("\">\n");
        foreach (var (name, value) in all)
        {
            page.Append("<div class=\"bar\"><span title=\"").Append(Escape(name)).Append("\">").Append(Escape(name))
                .Append($"</span><i style=\"width:{100 * Math.Clamp(value / longest, 0, 1):f1}%\"></i><b>")
                .Append(value.ToString(format, null)).Append("</b></div>\n");
        }

        page.Append("</div>\n");
    }

    private static void AppendTable(StringBuilder page, List<string[]> rows, string note)
    {
        page.Append("<details><summary>Table</summary><div class=\"wide\"><table>\n");
        for (int r = 0; r < rows.Count; r++)
        {
            string tag = r == 0 ? "th" : "td";
            page.Append("<tr>");
            foreach (string cell in rows[r]) page.Append('<').Append(tag).Append('>').Append(Escape(cell)).Append("</").Append(tag).Append('>');
            page.Append("</tr>\n");
        }

        page.Append("</table></div><p class=\"note\">").Append(Escape(note)).Append("</p></details>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
