using System.Net;
using System.Text;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Bench;

/// <summary>The bench report as one HTML page that needs nothing else: table, histogram as inline SVG, machine.</summary>
internal static class BenchPage
{
    private const int Width = 760, Height = 220, Bins = 60, LeftMargin = 10, BottomMargin = 22;

    // Told apart by people with colour blindness too (Okabe and Ito's palette).
    private static readonly string[] Colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

    /// <summary>Writes the page whole or not at all.</summary>
    /// <exception cref="EdgeException">Exit 5: the file cannot be written.</exception>
    public static void Write(string path, BenchReport report, IReadOnlyList<LatencyPercentiles> latencies, IReadOnlyList<LayerReport> layers) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Html(report, latencies, layers))));

    /// <summary>The whole page as HTML.</summary>
    internal static string Html(BenchReport report, IReadOnlyList<LatencyPercentiles> latencies, IReadOnlyList<LayerReport> layers)
    {
        var rows = BenchTable.Rows(report);
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .Append(Escape(report.Model)).Append("</title>\n<style>")
            .Append("body{font:15px/1.5 system-ui,sans-serif;max-width:820px;margin:2em auto;padding:0 1em;color:#222}")
            .Append("table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.25em "
                + ".7em;text-align:right;border-bottom:1px solid #ddd}")
            .Append("td:first-child,th:first-child{text-align:left}small{color:#666}</style></head><body>\n")
            .Append("<h1>").Append(Escape(report.Model)).Append("</h1>\n<p>").Append(Escape(BenchTable.Place(report))).Append("</p>\n<table>\n");
        AppendRow(page, rows[0], "th");
        foreach (string[] row in rows.Skip(1)) AppendRow(page, row, "td");
        page.Append("</table>\n<h2>Latency</h2>\n");
        AppendHistogram(page, report, latencies);
        page.Append("<p><small>One inference is: copy the input in, run, copy the outputs out. Input: ").Append(Escape(report.Input))
            .Append(". Engines take turns, one inference each. The histogram ends at the largest 99th percentile.</small></p>\n");
        if (layers.Count > 0) AppendLayers(page, layers);
        page.Append("</body></html>\n");
        return page.ToString();
    }

    private static void AppendLayers(StringBuilder page, IReadOnlyList<LayerReport> layers)
    {
        var rows = LayerTable.Rows(layers);
        page.Append("<h2>Layers of the fused engine</h2>\n<table>\n");
        AppendRow(page, rows[0], "th");
        foreach (string[] row in rows.Skip(1)) AppendRow(page, row, "td");
        page.Append("</table>\n<p><small>").Append(Escape(LayerTable.Note)).Append("</small></p>\n");
    }

    private static void AppendRow(StringBuilder page, string[] cells, string tag)
    {
        page.Append("<tr>");
        foreach (string cell in cells) page.Append('<').Append(tag).Append('>').Append(Escape(cell)).Append("</").Append(tag).Append('>');
        page.Append("</tr>\n");
    }

    private static void AppendHistogram(StringBuilder page, BenchReport report, IReadOnlyList<LatencyPercentiles> latencies)
    {
        double low = latencies.Min(l => l.Min.TotalMilliseconds), high = latencies.Max(l => l.Percentile(99).TotalMilliseconds);
        double step = Math.Max((high - low) / Bins, 1e-6);
        var counts = latencies.Select(l => Count(l, low, step)).ToArray();
        int tallest = Math.Max(1, counts.Max(c => c.Max()));
        double binWidth = (Width - 2.0 * LeftMargin) / Bins;
        page.Append($"<svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"latency histogram\">\n");
        for (int e = 0; e < counts.Length; e++)
        {
            page.Append($"<g fill=\"{Colors[e % Colors.Length]}\" fill-opacity=\"0.6\">");
            for (int b = 0; b < Bins; b++)
            {
                if (counts[e][b] == 0) continue;
                double tall = (Height - BottomMargin - 16.0) * counts[e][b] / tallest;
                page.Append($"<rect x=\"{LeftMargin + b * binWidth:F1}\" y=\"{Height - BottomMargin - tall:F1}\" "
                    + $"width=\"{binWidth:F1}\" height=\"{tall:F1}\"/>");
            }

            page.Append($"</g><text x=\"{Width - LeftMargin}\" y=\"{14 + 16 * e}\" text-anchor=\"end\" fill=\"{Colors[e % Colors.Length]}\">")
                .Append(Escape(report.Engines[e].Engine)).Append("</text>\n");
        }

        page.Append($"<text x=\"{LeftMargin}\" y=\"{Height - 5}\">{low:F3} ms</text><text x=\"{Width - LeftMargin}\" y=\"{Height - 5}\" "
            + $"text-anchor=\"end\">{high:F3} ms</text></svg>\n");
    }

    private static int[] Count(LatencyPercentiles latencies, double low, double step)
    {
        var counts = new int[Bins];
        foreach (var sample in latencies.Sorted)
        {
            int bin = (int)((sample.TotalMilliseconds - low) / step);
            if (bin <= Bins) counts[Math.Min(bin, Bins - 1)]++;
        }

        return counts;
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
