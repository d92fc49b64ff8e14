using System.Globalization;
using ResNetEdge.Preprocess;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Cameras;

/// <summary>What the configuration says of the part of frames that the network sees. Equal when everything in it is.</summary>
/// <param name="Region">What is cut out.</param>
/// <param name="Masks">What is covered, polygon by polygon.</param>
/// <param name="FillsWithMean">By the model's mean color; else black.</param>
internal sealed record ViewSettings(FrameRegion Region, EqualList<EqualList<FramePoint>> Masks, bool FillsWithMean)
{
    private const int MostMasks = 16, FewestPoints = 3, MostPoints = 32;
    private const double Rounding = 1e-9; // of 0.7 + 0.3

    private static readonly Setting<double> X = Settings.Number("x", "Left side, as a share of the frame's width.", 0, 0, 1);
    private static readonly Setting<double> Y = Settings.Number("y", "Upper side, as a share of the frame's height.", 0, 0, 1);
    private static readonly Setting<double?> Width =
        Settings.OptionalNumber("width", "Width, as a share of the frame's; default: up to its right side.", 0.001, 1);
    private static readonly Setting<double?> Height =
        Settings.OptionalNumber("height", "Height, as a share of the frame's; default: up to its lower side.", 0.001, 1);
    private static readonly Setting<IReadOnlyList<string>> Polygon = Settings.Texts("polygon",
        "Corners of a polygon instead of a rectangle, each as 'x,y' in shares of the frame, such as '0.1,0.25'.");
    private static readonly Setting<ViewSettings> RegionSetting = Settings.Inner("region", new Schema("region",
        "The part of the frame that the network sees, cut out before the resize; in shares of the frame, from 0 to 1.", [X, Y, Width, Height]),
        new ViewSettings(FrameRegion.Whole, new([]), false), static section => new ViewSettings(Rectangle(section), new([]), false));
    private static readonly Setting<IReadOnlyList<EqualList<FramePoint>>> MaskSetting = Settings.List("mask", new Schema("mask",
        "Parts of the frame that are covered before the network sees them, such as a street or a flag: rectangles or polygons, in shares of the "
        + "whole frame, from 0 to 1. Pictures of events and the live page show the whole frame.", [X, Y, Width, Height, Polygon]), ReadMask);
    private static readonly Setting<bool> FillSetting = Settings.Choice("mask_fill",
        "What masks are filled with: black, or the mean color of the model's training, which its normalisation makes 0.", "black",
        ("black", false), ("mean", true));

    /// <summary>In the order of the reference.</summary>
    public static IReadOnlyList<Setting> All { get; } = [RegionSetting, MaskSetting, FillSetting];

    /// <summary>The whole frame, nothing covered.</summary>
    public static ViewSettings Everything { get; } = new(FrameRegion.Whole, new([]), false);

    /// <summary>For the preprocessing; null: the whole frame.</summary>
    public FrameView? Frame { get; } = Region == FrameRegion.Whole && Masks.Count == 0 ? null : new FrameView(Region, Masks, FillsWithMean);

    /// <summary>Reads the settings of the section <c>camera</c>; problems are added to its place.</summary>
    public static ViewSettings Read(Section section)
    {
        var masks = section.Get(MaskSetting);
        if (masks.Count > MostMasks) section.Problem(MaskSetting, $"has {masks.Count} entries; at most {MostMasks} are supported");
        if (masks.Count == 0 && section.Has(FillSetting)) section.Problem(FillSetting, "needs 'mask'");
        return new ViewSettings(section.Get(RegionSetting).Region, new(masks), section.Get(FillSetting));
    }

    private static FrameRegion Rectangle(Section section)
    {
        var (x, y) = (section.Get(X), section.Get(Y));
        var region = new FrameRegion(x, y, section.Get(Width) ?? 1 - x, section.Get(Height) ?? 1 - y);
        if (region.X + region.Width > 1 + Rounding) section.Problem(Width, $"reaches beyond the frame: {region.X} + {region.Width} > 1");
        if (region.Y + region.Height > 1 + Rounding) section.Problem(Height, $"reaches beyond the frame: {region.Y} + {region.Height} > 1");
        if (region.Width <= 0) section.Problem(X, "leaves nothing of the frame's width");
        if (region.Height <= 0) section.Problem(Y, "leaves nothing of the frame's height");
        return region;
    }

    private static EqualList<FramePoint> ReadMask(YamlMapping mapping, Place place)
    {
        var section = new Section(mapping, place, MaskSetting.Inner!);
        if (!section.Has(Polygon))
        {
            var (x, y, width, height) = Rectangle(section);
            return new([new(x, y), new(x + width, y), new(x + width, y + height), new(x, y + height)]);
        }

        foreach (var setting in new Setting[] { X, Y, Width, Height })
        {
            if (section.Has(setting)) section.Problem(setting, "cannot be combined with 'polygon'");
        }

        var points = new List<FramePoint>();
        foreach (string text in section.Get(Polygon))
        {
            if (Point(text) is { } point) points.Add(point);
            else section.Problem(Polygon, $"must be a list of points such as '0.1,0.25', each number from 0 to 1, not '{text}'");
        }

        if (points.Count is < FewestPoints or > MostPoints)
            section.Problem(Polygon, $"has {points.Count} corners; {FewestPoints} to {MostPoints} are supported");
        return new(points);
    }

    private static FramePoint? Point(string text) => text.Split(',') is [var first, var second]
        && double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) && x is >= 0 and <= 1
        && double.TryParse(second, NumberStyles.Float, CultureInfo.InvariantCulture, out double y) && y is >= 0 and <= 1
        ? new FramePoint(x, y) : null;
}
