using System.Text.Json.Serialization;
using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Packages;

/// <summary>
/// What a package says about itself: <c>manifest.json</c>, described by <c>manifest.schema.json</c> and <c>docs/package-format.md</c>.
/// </summary>
/// <remarks>Holds no time and no machine, so that the same export gives the same bytes.</remarks>
public sealed record Manifest
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The highest model version: the largest whole number that every JSON reader keeps, 2^53 - 1.</summary>
    public const long MaxModelVersion = (1L << 53) - 1;

    /// <summary>Version of this format.</summary>
    [JsonRequired]
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Name of the model, for people.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Version of the model, a whole number that its maker counts up: a service does not go back to a lower one unasked. Null counts as 0.
    /// </summary>
    public long? ModelVersion { get; init; }

    /// <summary>Version of the exporter that wrote the package.</summary>
    public required string ExporterVersion { get; init; }

    /// <summary><see cref="Precisions"/>: the type most of the network computes in.</summary>
    public required string Precision { get; init; }

    /// <summary>What the model is for, as the table of tasks names it: <c>classification</c>; null: its outputs say so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }

    /// <summary>The model's inputs in the model's order.</summary>
    public required IReadOnlyList<ManifestInput> Inputs { get; init; }

    /// <summary>Outputs that are the inputs of the next run; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ModelState>? States { get; init; }

    /// <summary>How a picture becomes the first input; null for a model that takes no pictures.</summary>
    public ManifestPreprocess? Preprocess { get; init; }

    /// <summary>The file of class names, one a line, in the order of the output; null when there is none.</summary>
    public string? Labels { get; init; }

    /// <summary>Accuracy as measured at the export; null when it was not.</summary>
    public ManifestAccuracy? Accuracy { get; init; }

    /// <summary>The golden vectors; null when there are none.</summary>
    public ManifestGolden? Golden { get; init; }

    /// <summary>Shorter forms of the network; null when there are none.</summary>
    public ManifestLadder? Ladder { get; init; }

    /// <summary>Every other file of the package, ordered by name.</summary>
    [JsonRequired]
    public IReadOnlyList<ManifestFile> Files { get; init; } = [];
}

/// <summary>One input of the model.</summary>
/// <param name="Name">Its name in the ONNX file.</param>
/// <param name="Type">Element type, as numpy names it: <c>float32</c>, <c>uint8</c> ...</param>
/// <param name="Shape">Dimensions, batch first.</param>
/// <param name="Layout"><c>NCHW</c> or <c>NHWC</c> for pictures; null for anything else.</param>
public sealed record ManifestInput(string Name, string Type, IReadOnlyList<int> Shape, string? Layout);

/// <summary>How a picture becomes the first input; the steps in the order of the properties.</summary>
/// <param name="Resize">How a picture comes to the size that is cropped.</param>
/// <param name="Crop">Center crop to the input's size.</param>
/// <param name="ColorOrder"><c>RGB</c>, <c>BGR</c> or <c>GRAY</c>.</param>
/// <param name="Divisor">Pixel values 0..255 are divided by this; always 255.</param>
/// <param name="Mean">Then this is subtracted, one value per channel.</param>
/// <param name="Std">Then the result is divided by this, one value per channel.</param>
public sealed record ManifestPreprocess(
    ManifestResize Resize, ManifestCrop Crop, string ColorOrder, int Divisor, IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    private const string Filter = "bilinear_antialias";
    private static readonly string[] Modes = ["none", "shortest_side", "exact"]; // in the order of ResizeMode
    private static readonly string[] ColorOrders = ["RGB", "BGR", "GRAY"]; // in the order of Preprocess.ColorOrder

    /// <summary>The manifest's form of a preprocessing.</summary>
    public static ManifestPreprocess From(PreprocessSpec spec) => new(
        new(Modes[(int)spec.Resize], spec.Resize == ResizeMode.ShortestSide ? spec.ResizeSize : null, Filter),
        new(spec.Height, spec.Width), ColorOrders[(int)spec.Color], 255, spec.Mean, spec.Std);

    /// <summary>The preprocessing that the manifest describes.</summary>
    /// <exception cref="FormatException">A value is unknown or impossible; the message says which.</exception>
    public PreprocessSpec ToSpec()
    {
        int mode = Array.IndexOf(Modes, Resize.Mode), color = Array.IndexOf(ColorOrders, ColorOrder);
        if (mode < 0) throw new FormatException($"unknown resize mode '{Resize.Mode}'");
        if (color < 0) throw new FormatException($"unknown color order '{ColorOrder}'");
        if (Resize.Filter != Filter) throw new FormatException($"unknown resize filter '{Resize.Filter}'");
        if (Divisor != 255) throw new FormatException($"a divisor of {Divisor} is not supported");
        if (Crop.Height is < 1 or > MaxSide || Crop.Width is < 1 or > MaxSide)
            throw new FormatException($"a crop to {Crop.Height}x{Crop.Width} pixels is impossible");
        bool isShortest = mode == (int)ResizeMode.ShortestSide;
        if (isShortest != Resize.Size is not null)
            throw new FormatException($"resize mode '{Resize.Mode}' {(isShortest ? "needs a" : "has no")} size");
        if (isShortest && (Resize.Size > MaxSide || Resize.Size < Math.Max(Crop.Height, Crop.Width)))
            throw new FormatException($"a resize to {Resize.Size} pixels before a crop to {Crop.Height}x{Crop.Width} is impossible");
        int channels = color == (int)Preprocess.ColorOrder.Gray ? 1 : 3;
        if (Mean.Count != channels || Std.Count != channels)
            throw new FormatException($"{Mean.Count} means and {Std.Count} stds for {channels} channels");
        if (!Mean.All(float.IsFinite) || !Std.All(s => float.IsFinite(s) && s != 0))
            throw new FormatException("a mean is not finite, or a std is not finite or 0");
        return new PreprocessSpec
        {
            Height = Crop.Height,
            Width = Crop.Width,
            Resize = (ResizeMode)mode,
            ResizeSize = Resize.Size ?? 0,
            Color = (ColorOrder)color,
            Mean = [.. Mean],
            Std = [.. Std],
        };
    }

    private const int MaxSide = 16384;
}

/// <summary>How a picture is resized.</summary>
/// <param name="Mode"><c>none</c>, <c>shortest_side</c> (aspect ratio kept) or <c>exact</c> (to the crop's size).</param>
/// <param name="Size">Pixels of the shorter side; <c>shortest_side</c> only, else null.</param>
/// <param name="Filter">Always <c>bilinear_antialias</c>.</param>
public sealed record ManifestResize(string Mode, int? Size, string Filter);

/// <summary>Center crop.</summary>
/// <param name="Height">Height of the crop in pixels.</param>
/// <param name="Width">Width of the crop in pixels.</param>
public sealed record ManifestCrop(int Height, int Width);

/// <summary>Accuracy as measured at the export, on the very same pictures for both networks.</summary>
/// <param name="Images">Pictures that the package was evaluated on.</param>
/// <param name="Right">Pictures that the package classified right.</param>
/// <param name="Top1">The package's share of right answers, 0 to 1.</param>
/// <param name="ReferenceRight">The same for the fp32 network.</param>
/// <param name="ReferenceTop1">The same for the fp32 network.</param>
/// <param name="Agreement">Share of pictures on which both name the same class, 0 to 1.</param>
public sealed record ManifestAccuracy(int Images, int Right, double Top1, int ReferenceRight, double ReferenceTop1, double Agreement);

/// <summary>The golden vectors, in <c>golden/</c>.</summary>
/// <param name="Count">Vectors; number 0 is <c>golden/000.input0.npy</c> ... and <c>golden/000.output0.npy</c> ...</param>
/// <param name="MaxAbsDifference">An engine passes when no element of an output differs by more.</param>
public sealed record ManifestGolden(int Count, double MaxAbsDifference)
{
    /// <summary>Nor may the root mean square of an output's differences be larger; null: not looked at.</summary>
    public double? MaxRmsDifference { get; init; }
}

/// <summary>One file of the package.</summary>
/// <param name="Path">Relative to the package, with forward slashes.</param>
/// <param name="Bytes">Length of the file in bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits; compared by <c>verify</c>.</param>
/// <param name="Crc32c">8 lower-case hexadecimal digits; compared each time the file is loaded.</param>
public sealed record ManifestFile(string Path, long Bytes, string Sha256, string Crc32c);
