using System.Text.Json.Serialization;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Reports;

/// <summary>How a package's golden vectors came out.</summary>
/// <param name="Vectors">Inputs run.</param>
/// <param name="Passed">Those whose outputs all lie within the package's tolerance.</param>
/// <param name="MaxAbsDifference">Largest over all outputs.</param>
/// <param name="MaxRmsDifference">Root mean square of the differences of an output; the largest of all outputs.</param>
/// <param name="Engine">That ran them.</param>
internal sealed record VerifyReport(int Vectors, int Passed, double MaxAbsDifference, double MaxRmsDifference, string Engine)
{
    /// <summary>Both figures.</summary>
    [JsonIgnore]
    public GoldenDistance Distance => new(MaxAbsDifference, MaxRmsDifference);

    /// <summary>Id of the key whose signature was checked; null when none was asked for.</summary>
    public string? SignedBy { get; init; }

    /// <summary>The levels of the package's ladder that were checked, among the figures above; null when it has none.</summary>
    public IReadOnlyList<LevelVerified>? Levels { get; init; }

    /// <summary>Runs the golden vectors of one level.</summary>
    /// <param name="package">Whose they are.</param>
    /// <param name="level">Of its ladder.</param>
    /// <param name="engine">Holds that level's network.</param>
    /// <exception cref="EdgeException">Exit 3 or 4: a vector cannot be read, or does not fit the network.</exception>
    public static VerifyReport Of(Package package, int level, IEngine engine)
    {
        var tolerance = package.Tolerance(level);
        var furthest = default(GoldenDistance);
        int vectors = 0, passed = 0;
        foreach (var golden in package.ReadGolden(level))
        {
            var distance = GoldenCheck.Distance(engine, golden, $"{package.Path}: golden vector {vectors++}");
            if (tolerance.Allows(distance)) passed++;
            furthest = furthest.OrFurther(distance);
        }

        return new(vectors, passed, furthest.MaxAbs, furthest.Rms, engine.Name);
    }
}

/// <summary>How one level came out.</summary>
/// <param name="Level">0 is the whole network.</param>
/// <param name="Vectors">Inputs run.</param>
/// <param name="Passed">Those within the tolerance.</param>
/// <param name="MaxAbsDifference">Largest over all outputs.</param>
/// <param name="Allowed">This level's tolerance of it.</param>
internal sealed record LevelVerified(int Level, int Vectors, int Passed, double MaxAbsDifference, double Allowed);
