using ResNetEdge.Cli.Reports;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Bench;

/// <summary>One measurement of <c>bench</c>: the engines loaded, timed in turns with one number of threads, and the layers if asked for.</summary>
/// <param name="Report">The figures.</param>
/// <param name="Latencies">Those behind them, one an engine.</param>
/// <param name="Layers">Empty unless asked for.</param>
internal sealed record BenchRound(BenchReport Report, IReadOnlyList<LatencyPercentiles> Latencies, IReadOnlyList<LayerReport> Layers)
{
    /// <summary>Loads, measures and frees the engines.</summary>
    /// <param name="plan">What to measure.</param>
    /// <param name="options">Threads, tier.</param>
    /// <param name="say">Told which engine <c>auto</c> took, and why.</param>
    /// <exception cref="EdgeException">Exit 3 to 5: an engine cannot be loaded; exit 5: layers of an engine that has none.</exception>
    public static BenchRound Run(BenchPlan plan, EngineOptions options, Action<string> say)
    {
        var engines = new List<BenchedEngine>();
        try
        {
            foreach (string name in plan.Engines)
            {
                // A tier or a provider is asked of the engines that have one; alone, an engine without it refuses it.
                var asked = plan.Engines.Count == 1 ? options
                    : name == OnnxRuntimeEngine.EngineName ? options with { Isa = null }
                    : options with { Provider = null };
                engines.Add(BenchedEngine.Start(plan.Open, name, asked, RandomInput.For, plan.Level));
                if (name == EngineTable.Auto) say($"engine {engines[^1].Engine.Name}: {engines[^1].Reason}");
                foreach (string note in engines[^1].Engine.Notes) say(note);
            }

            var fused = plan.WithLayers ? FusedOf(engines) : null;
            var latencies = RoundRobin.Run(
                [.. engines.Select(e => (Func<TimeSpan>)e.Infer)], plan.Budget, RoundRobin.LetThreadsSleep(engines.Count, options.Threads));
            var report = new BenchReport(
                plan.Model,
                MachineReport.Read(),
                plan.Budget.TotalSeconds,
                RandomInput.Description,
                [.. engines.Select((e, i) => e.Figures(latencies[i], options.Threads, isFirst: i == 0))],
                engines.Select(e => e.Engine).OfType<OnnxRuntimeEngine>().FirstOrDefault()?.LibraryVersion);
            return new BenchRound(report, latencies, fused is null ? [] : LayerTimes.Measure(fused, options.Threads, plan.Budget));
        }
        finally
        {
            foreach (var engine in engines) engine.Dispose();
        }
    }

    private static FusedEngine FusedOf(List<BenchedEngine> engines) => engines.Select(e => e.Engine).OfType<FusedEngine>().FirstOrDefault()
        ?? throw EdgeException.Unavailable(
            $"layers are timed of the engine {FusedEngine.EngineName}, but {engines[0].Engine.Name} was chosen: {engines[0].Reason}");
}

/// <summary>What to measure.</summary>
/// <param name="Model">As given on the command line.</param>
/// <param name="Open">Opens it; counts as loading.</param>
/// <param name="Level">Of a package's ladder.</param>
/// <param name="Engines">Names, in the order in which they take turns.</param>
/// <param name="Budget">For all engines together.</param>
/// <param name="WithLayers">Whether the fused engine's layers are timed too, for as long again.</param>
internal sealed record BenchPlan(string Model, Func<Package> Open, int Level, IReadOnlyList<string> Engines, TimeSpan Budget, bool WithLayers);
