using ResNetEdge.Cli.Reports;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;
using ResNetEdge.Passes;

namespace ResNetEdge.Cli.Bench;

/// <summary>Makes the one file that a person with a board sends.</summary>
internal static class BenchCard
{
    /// <summary>Measures with the threads asked for and then with one, checks the golden vectors, and reads the board before and after.</summary>
    /// <param name="plan">What to measure; with layers.</param>
    /// <param name="options">Threads, tier.</param>
    /// <param name="say">Told which engine <c>auto</c> took, and why.</param>
    /// <param name="first">The round with the threads asked for.</param>
    /// <exception cref="EdgeException">Exit 3 to 5: as for the rounds.</exception>
    public static CardReport Measure(BenchPlan plan, EngineOptions options, Action<string> say, out BenchRound first)
    {
        var (board, before) = (BoardReport.Read(), new MachineSensors().Read());
        first = BenchRound.Run(plan, options, say);
        var last = options.Threads == 1 ? first : BenchRound.Run(plan, options with { Threads = 1 }, static _ => { });
        var after = new MachineSensors().Read();

        // Only now, so that the graph is not in the memory that was measured.
        using var package = plan.Open();
        var graph = PassList.Read(package.Model.Graph);
        var facts = GraphFacts.Of(graph);
        return new CardReport
        {
            Board = board,
            Before = before,
            After = after,
            Network = package.Manifest?.Name ?? graph.Name,
            Precision = package.Manifest?.Precision ?? facts.Precision,
            Macs = facts.Macs,
            Parameters = facts.Parameters,
            Rounds = first == last ? [Anonymous(last)] : [Anonymous(first), Anonymous(last)],
            Layers = last.Layers,
            Golden = package.Manifest is null ? null : Golden(package, plan.Level, options),
        };
    }

    /// <summary>Writes it whole or not at all.</summary>
    /// <exception cref="EdgeException">Exit 5: the file cannot be written.</exception>
    public static void Write(string path, CardReport card) =>
        AtomicFile.Write(path, stream => stream.Write(card.ToJson().Span));

    // Without the folders that the model lies in.
    private static BenchReport Anonymous(BenchRound round) => round.Report with { Model = Path.GetFileName(round.Report.Model.TrimEnd('/')) };

    private static VerifyReport Golden(Package package, int level, EngineOptions options)
    {
        var loaded = EngineTable.Load(EngineTable.Auto, package.ModelAt(level), options);
        using var engine = loaded.Engine;
        return VerifyReport.Of(package, level, engine);
    }
}
