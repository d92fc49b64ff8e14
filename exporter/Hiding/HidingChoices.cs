namespace ResNetEdge.Exporter.Hiding;

/// <summary>How blocks are chosen and repaired; the defaults are what measured best (docs/decisions/0018-hidden-blocks.md).</summary>
internal sealed record HidingChoices
{
    /// <summary>Ridge of a replacement, relative to its input's power; towards the identity.</summary>
    public double ReplacementRidge { get; init; } = 1e-4;

    /// <summary>Ridge of a refitted convolution, relative to its input's power; towards its trained weights. 0 refits nothing.</summary>
    public double RefitRidge { get; init; } = 1e-2;

    /// <summary>Output pixels of a map that a fit looks at, in each picture.</summary>
    public int PixelsPerPicture { get; init; } = 64;

    /// <summary>Blocks that are tried at every step after the first: those that cost least the last time.</summary>
    public int Candidates { get; init; } = 12;

    /// <summary>Blocks that are tried with everything behind them refitted, before one is taken.</summary>
    public int Shortlist { get; init; } = 4;

    /// <summary>Those trials refit with every so many-th picture.</summary>
    public int TrialStride { get; init; } = 4;
}
