using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Pictures;

/// <summary>Size and quality of the pictures that an output sends or keeps. Equal when both are.</summary>
/// <param name="Width">In pixels at most; a wider frame is reduced by a whole number.</param>
/// <param name="Quality">Of the JPEG.</param>
internal sealed record PictureForm(int Width, int Quality)
{
    /// <summary>Longest JPEG that is sent or kept, in bytes.</summary>
    public const int MostBytes = 2 << 20;

    private static readonly Setting<int> WidthSetting = Settings.Int(
        "picture_width", "Width of the pictures in pixels at most; a wider frame is reduced by a whole number.", 640, 64, 1920);
    private static readonly Setting<int> QualitySetting = Settings.Int("picture_quality", "Quality of the pictures, which are JPEG.", 80, 30, 95);

    /// <summary>Its settings, which stand beside the output's own.</summary>
    public static IReadOnlyList<Setting> All { get; } = [WidthSetting, QualitySetting];

    /// <summary>What libjpeg-turbo is asked for.</summary>
    public JpegForm Jpeg => new(Width, FrameLayout.MaxSide, Quality, KeepsCoded: false);

    /// <summary>Why no pictures can be made on this machine; null: they can.</summary>
    public static string? Missing => TurboJpeg.Shared is not null ? null
        : $"pictures need {TurboJpeg.LibraryName}, which is not installed (Debian's package {TurboJpeg.PackageName})";

    /// <summary>Reads both settings; problems are added to the section's place.</summary>
    /// <param name="section">Of the output.</param>
    /// <param name="isWanted">Whether the output has pictures at all; else neither may be written down.</param>
    /// <param name="by">The setting that asks for pictures.</param>
    public static PictureForm? Read(Section section, bool isWanted, Setting by)
    {
        if (isWanted) return new PictureForm(section.Get(WidthSetting), section.Get(QualitySetting));
        foreach (var setting in All)
        {
            if (section.Has(setting)) section.Problem(setting, $"needs '{by.Name}'");
        }

        return null;
    }
}
