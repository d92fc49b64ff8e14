using System.Net;
using System.Text;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>Points in a plane as inline SVG.</summary>
/// <param name="XLabel">Under the horizontal axis, unit included.</param>
/// <param name="XFormat">Of a number on that axis.</param>
/// <param name="Points">At least one, finite; percent on the vertical axis.</param>
/// <param name="IsLine">Whether the points are joined in their order.</param>
internal sealed record ScatterPlot(string XLabel, string XFormat, IReadOnlyList<PlotPoint> Points, bool IsLine)
{
    private const int Width = 640, Height = 320, Left = 64, Right = 36, Top = 14, Bottom = 44, Ticks = 4;

    /// <summary>Appends the plot.</summary>
    public void Append(StringBuilder page)
    {
        var (low, high) = Span(Points.Min(p => p.Low ?? p.Y), Points.Max(p => p.High ?? p.Y), 5, 0, 100);
        var (least, most) = Span(Points.Min(p => p.X), Points.Max(p => p.X), Step(Points.Max(p => p.X)), 0, double.MaxValue);
        double X(double x) => Left + (x - least) / (most - least) * (Width - Left - Right);
        double Y(double y) => Height - Bottom - (y - low) / (high - low) * (Height - Top - Bottom);

        page.Append($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"percent over ").Append(Escape(XLabel)).Append("\">\n");
        for (int i = 0; i <= Ticks; i++)
        {
            double x = least + (most - least) * i / Ticks, y = low + (high - low) * i / Ticks;
            page.Append($"<line class=\"axis\" x1=\"{X(x):f1}\" y1=\"{Top}\" x2=\"{X(x):f1}\" y2=\"{Height - Bottom}\"/><text x=\"{X(x):f1}\" "
                + $"y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">")
                .Append(x.ToString(XFormat, null))
                .Append($"</text><line class=\"axis\" x1=\"{Left}\" y1=\"{Y(y):f1}\" x2=\"{Width - Right}\" y2=\"{Y(y):f1}\"/>")
                .Append($"<text x=\"{Left - 6}\" y=\"{Y(y) + 4:f1}\" text-anchor=\"end\">{y:f1} %</text>\n");
        }

        page.Append($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">")
            .Append(Escape(XLabel)).Append("</text>\n");
        if (IsLine)
            page.Append("<polyline fill=\"none\" stroke=\"var(--bar)\" points=\"")
                .Append(string.Join(' ', Points.Select(p => $"{X(p.X):f1},{Y(p.Y):f1}"))).Append("\"/>\n");
        foreach (var p in Points)
        {
            if (p is { Low: { } from, High: { } to })
                page.Append($"<line stroke=\"var({p.Color})\" x1=\"{X(p.X):f1}\" y1=\"{Y(from):f1}\" x2=\"{X(p.X):f1}\" y2=\"{Y(to):f1}\"/>");
            page.Append($"<circle cx=\"{X(p.X):f1}\" cy=\"{Y(p.Y):f1}\" r=\"4\" fill=\"var({p.Color})\"><title>").Append(Escape(p.Name))
                .Append("</title></circle>\n");
        }

        page.Append("</svg>\n");
    }

    // Rounded outward to a step, and never empty.
    private static (double Low, double High) Span(double low, double high, double step, double least, double most)
    {
        double from = Math.Max(least, Math.Floor(low / step) * step), to = Math.Min(most, Math.Ceiling(high / step) * step);
        return to > from ? (from, to) : from >= step ? (from - step, from) : (from, from + step);
    }

    private static double Step(double largest) => largest <= 0 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(largest))) / 2;

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>A point of a plot.</summary>
/// <param name="Name">Shown when it is pointed at.</param>
/// <param name="X">In the unit of the axis.</param>
/// <param name="Y">Height of the point in percent.</param>
/// <param name="Color">A style variable of the page: <c>--bar</c>.</param>
/// <param name="Low">Lower bound of its interval, or null.</param>
/// <param name="High">Upper bound.</param>
internal readonly record struct PlotPoint(string Name, double X, double Y, string Color, double? Low = null, double? High = null);
