using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Options;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>What the user asks of <c>hide</c>.</summary>
internal sealed record HideOptions
{
    /// <summary>Most pictures that choose: more cost time and change no choice.</summary>
    public const int DefaultChoosingImages = 1000;

    /// <summary>Blocks that are hidden at most, unless the user says another number.</summary>
    public const int DefaultMostBlocks = 12;

    /// <summary>The package whose blocks are to be hidden; never written to.</summary>
    public required string Package { get; init; }

    /// <summary>Where the new package goes.</summary>
    public required string Output { get; init; }

    /// <summary>Folder of labelled pictures, one folder per class.</summary>
    public required string Evaluate { get; init; }

    /// <summary>Pictures to choose with, labelled or not; null takes half of <see cref="Evaluate"/>.</summary>
    public string? Choose { get; init; }

    /// <summary>Most pictures to choose with.</summary>
    public int ChoosingImages { get; init; } = DefaultChoosingImages;

    /// <summary>Percentage points of top-1 that may be lost on the judging pictures.</summary>
    public double MaxDropPoints { get; init; } = 1;

    /// <summary>Blocks to hide, in that order; empty lets the program choose.</summary>
    public IReadOnlyList<string> Blocks { get; init; } = [];

    /// <summary>Most blocks to hide.</summary>
    public int MostBlocks { get; init; } = DefaultMostBlocks;

    /// <summary>Whether the package keeps the whole network and carries the shortened ones as a ladder.</summary>
    public bool IsLadder { get; init; }

    /// <summary>Pictures at a time when accuracy is measured.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How blocks are repaired.</summary>
    public HidingChoices Choices { get; init; } = new();

    /// <summary>The new package's model version; null keeps that of the package.</summary>
    public long? ModelVersion { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public static HideOptions Parse(Arguments arguments) => new()
    {
        Package = arguments.Operands[0],
        Output = arguments.Value("-o") ?? throw Arguments.Usage("'hide' needs -o PACKAGE, where to write the new package"),
        Evaluate = arguments.Value("--evaluate") ?? throw Arguments.Usage("'hide' needs --evaluate DIR, labelled pictures to measure the result on"),
        Choose = arguments.Value("--choose"),
        ChoosingImages = arguments.Int("--choose-images", DefaultChoosingImages, 1, int.MaxValue),
        MaxDropPoints = arguments.Number("--max-drop", 1.0, 0, 100),
        Blocks = arguments.Values("--block"),
        MostBlocks = arguments.Int("--most-blocks", DefaultMostBlocks, 1, Packages.ManifestLadder.MaxRungs),
        IsLadder = arguments.Has("--ladder"),
        ModelVersion = ExportOptions.ReadModelVersion(arguments),
        Threads = arguments.Int("--threads", 1, 1, ExportOptions.MaxThreads),
        Choices = new() { RefitRidge = arguments.Has("--no-refit") ? 0 : new HidingChoices().RefitRidge },
    };
}
