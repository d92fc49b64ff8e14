using System.Net;
using System.Text;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Ledger;

/// <summary>Accuracy against work as inline SVG: the whole network, each block left out alone, and the levels of the package's ladder.</summary>
internal static class FrontierPlot
{
    private const int Width = 640, Height = 320, Left = 64, Right = 32, Top = 14, Bottom = 40;

    /// <summary>Appends the plot; nothing when there is no more than one point.</summary>
    public static void Append(StringBuilder page, Manifest manifest, SensitivityLedger ledger)
    {
        bool hasRight = ledger is { HasLabels: true, Right: not null, HidingImages: > 0 };
        var single = ledger.Blocks
            .Select(b => new Point($"without {b.Block}", 100.0 * (ledger.Macs - b.Macs) / ledger.Macs, hasRight ? 100.0 * b.HiddenRight!.Value / ledger.HidingImages : 100 * (b.Hidden.Agreement ?? b.Hidden.Cosine)))
            .ToList();
        // A level says right answers and agreement both; agreement is the one that fits an unlabelled ledger.
        var levels = (manifest.Ladder?.Rungs ?? []).Select((rung, i) => new Point(
            $"level {i + 1}, hides {string.Join(", ", rung.HiddenBlocks)}", 100.0 * rung.Macs / ledger.Macs, 100 * (hasRight ? rung.Accuracy.Top1 : rung.Accuracy.Agreement))).ToList();
        if (single.Count + levels.Count == 0 || ledger.Macs <= 0) return;
        var whole = new Point("the whole network", 100, hasRight ? 100.0 * ledger.Right!.Value / ledger.HidingImages : 100);
        var all = single.Concat(levels).Append(whole).ToList();
        double low = Math.Max(0, Math.Floor(all.Min(p => p.Y) / 5) * 5), high = Math.Min(100, Math.Ceiling(all.Max(p => p.Y) / 5) * 5 + (all.Max(p => p.Y) >= 100 ? 0 : 0.01));
        double least = Math.Max(0, Math.Floor(all.Min(p => p.X) / 5) * 5);
        double most = Math.Max(100, Math.Ceiling(all.Max(p => p.X) / 5) * 5);
        if (high <= low) low = high - 5;
        if (least >= most) least = most - 5;
        double X(double x) => Left + (x - least) / (most - least) * (Width - Left - Right);
        double Y(double y) => Height - Bottom - (y - low) / (high - low) * (Height - Top - Bottom);

        page.Append("<h2>Accuracy against work</h2>\n<p class=\"note\">").Append(hasRight ? "Right answers" : "Same answer as the whole network")
            .Append(" in percent over multiply-accumulates in percent of the whole network, which latency follows. Dots: one block left out, nothing repaired.")
            .Append(levels.Count > 0 ? " Line: the package's levels, repaired; measured on pictures of their own." : "").Append("</p>\n")
            .Append($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"accuracy against multiply-accumulates\">\n");
        for (int i = 0; i <= 4; i++)
        {
            double x = least + (most - least) * i / 4, y = low + (high - low) * i / 4;
            page.Append($"<line class=\"axis\" x1=\"{X(x):f1}\" y1=\"{Top}\" x2=\"{X(x):f1}\" y2=\"{Height - Bottom}\"/><text x=\"{X(x):f1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{x:f0} %</text>")
                .Append($"<line class=\"axis\" x1=\"{Left}\" y1=\"{Y(y):f1}\" x2=\"{Width - Right}\" y2=\"{Y(y):f1}\"/><text x=\"{Left - 6}\" y=\"{Y(y) + 4:f1}\" text-anchor=\"end\">{y:f1} %</text>\n");
        }

        page.Append($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">multiply-accumulates</text>\n");
        AppendDots(page, single, "var(--warm)", X, Y);
        if (levels.Count > 0)
            page.Append("<polyline fill=\"none\" stroke=\"var(--bar)\" points=\"").Append(string.Join(' ', levels.Prepend(whole).Select(p => $"{X(p.X):f1},{Y(p.Y):f1}"))).Append("\"/>\n");
        AppendDots(page, levels, "var(--bar)", X, Y);
        AppendDots(page, [whole], "var(--leaf)", X, Y);
        page.Append("</svg>\n");
    }

    private static void AppendDots(StringBuilder page, IEnumerable<Point> points, string color, Func<double, double> x, Func<double, double> y)
    {
        foreach (var point in points)
        {
            page.Append($"<circle cx=\"{x(point.X):f1}\" cy=\"{y(point.Y):f1}\" r=\"4\" fill=\"{color}\"><title>").Append(WebUtility.HtmlEncode(point.Name))
                .Append($": {point.Y:f1} % at {point.X:f1} % of the work</title></circle>\n");
        }
    }

    private readonly record struct Point(string Name, double X, double Y);
}
