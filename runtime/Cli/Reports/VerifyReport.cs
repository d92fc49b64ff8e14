namespace ResNetEdge.Cli.Reports;

/// <summary>How a package's golden vectors came out.</summary>
/// <param name="Vectors">Inputs run.</param>
/// <param name="Passed">Those whose outputs all lie within the package's tolerance.</param>
/// <param name="MaxAbsDifference">Largest over all outputs.</param>
/// <param name="Engine">That ran them.</param>
internal sealed record VerifyReport(int Vectors, int Passed, double MaxAbsDifference, string Engine)
{
    /// <summary>Id of the key whose signature was checked; null when none was asked for.</summary>
    public string? SignedBy { get; init; }

    /// <summary>The levels of the package's ladder that were checked, among the figures above; null when it has none.</summary>
    public IReadOnlyList<LevelVerified>? Levels { get; init; }
}

/// <summary>How one level came out.</summary>
/// <param name="Level">0 is the whole network.</param>
/// <param name="Vectors">Inputs run.</param>
/// <param name="Passed">Those within the tolerance.</param>
/// <param name="MaxAbsDifference">Largest over all outputs.</param>
/// <param name="Allowed">This level's tolerance.</param>
internal sealed record LevelVerified(int Level, int Vectors, int Passed, double MaxAbsDifference, double Allowed);
