using ResNetEdge.Cli.Bench;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli;

/// <summary>Which level of a package's ladder to run: the one that was named, or the first that is fast enough on this machine.</summary>
internal sealed class LevelChoice
{
    private const double MostMilliseconds = 3_600_000;
    private static readonly TimeSpan Timing = TimeSpan.FromMilliseconds(250); // of each level that is tried

    private readonly int _level;
    private readonly double? _budgetMs;
    private readonly Action<string> _say;

    private LevelChoice(int level, double? budgetMs, Action<string> say) => (_level, _budgetMs, _say) = (level, budgetMs, say);

    public static Option Level { get; } = new("--level", "N",
        "Level of the package's ladder; 0 (default) is the whole network, and each further level hides (prunes) more residual blocks.");

    public static Option Budget { get; } =
        new("--latency-budget-ms", "X", "Uses the first level whose p50 latency, measured on this machine, is at most X milliseconds.");

    /// <summary>Reads what the command line says.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="say">Told which level a budget gave.</param>
    /// <exception cref="EdgeException">Exit 2: no number, or both options at once.</exception>
    public static LevelChoice Read(Arguments arguments, Action<string> say)
    {
        if (arguments.Has(Level.Name) && arguments.Has(Budget.Name))
            throw Arguments.Usage($"{Level.Name} and {Budget.Name} both choose a level; give only one of them");
        return new(
            arguments.Int(Level.Name, 0, 0, ManifestLadder.MaxRungs),
            arguments.Has(Budget.Name) ? arguments.Number(Budget.Name, 0, 0, MostMilliseconds) : null,
            say);
    }

    /// <summary>The level to load.</summary>
    /// <param name="package">The opened package.</param>
    /// <param name="engine">As on the command line; what is timed.</param>
    /// <param name="options">Threads, tier.</param>
    /// <exception cref="EdgeException">Exit 4: no level is fast enough. Exit 3, 4 or 5: a level cannot be loaded.</exception>
    public int Of(Package package, string engine, EngineOptions options)
    {
        if (_budgetMs is not { } budget) return _level;
        double fastest = double.PositiveInfinity;
        for (int level = 0; level <= package.Levels; level++)
        {
            double p50 = MedianMs(package, level, engine, options);
            fastest = Math.Min(fastest, p50);
            if (p50 > budget) continue;
            _say($"level {level} of {package.Levels}: p50 {p50:F3} ms on this machine, within {budget:G} ms");
            return level;
        }

        throw EdgeException.Refused($"no level of '{package.Path}' runs within {budget:G} ms on this machine: "
            + $"the fastest of its {package.Levels + 1} has a p50 of {fastest:F3} ms; "
            + "allow more, or hide more blocks with 'resnetedge-export hide --ladder'");
    }

    private static double MedianMs(Package package, int level, string engine, EngineOptions options)
    {
        using var timed = BenchedEngine.Start(() => EngineTable.Load(engine, package.ModelAt(level), options), RandomInput.For);
        return RoundRobin.Run([timed.Infer], Timing)[0].Percentile(50).TotalMilliseconds;
    }
}
