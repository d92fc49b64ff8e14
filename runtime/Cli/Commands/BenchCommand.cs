using ResNetEdge.Cli.Bench;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Commands;

/// <summary><c>resnetedge bench</c>: latency, memory and load time, several engines in turns in one process.</summary>
internal static class BenchCommand
{
    private const double DefaultSeconds = 5, MostSeconds = 3600;

    private static readonly Option Engines = CommonOptions.Engine with { Repeats = true };
    private static readonly Option Seconds =
        new("--seconds", "S", $"Duration of the measurement in seconds, all engines together; default {DefaultSeconds}.");
    private static readonly Option Report = new("--report", "FILE", "Also writes one self-contained HTML page with a latency histogram.");

    private static readonly Option Layers = new("--layers", null, "Also times every layer of the fused engine, for another S seconds.");

    public static Verb Verb { get; } = new()
    {
        Name = "bench",
        Summary = "Measures latency, load time and memory of a model.",
        Operands = "PACKAGE|ONNX",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            Engines, CommonOptions.Threads, Seconds, InputShapeOption.Option, LevelChoice.Level, LevelChoice.Budget, CommonOptions.Isa,
            CommonOptions.Key, CommonOptions.ModelMib, CommonOptions.Json, Report, Layers,
        ],
        Notes = """
            One inference is: copy the input in, run, copy the outputs out. Several --engine take turns, one inference each,
            on the same input, so that noise hits all alike. Warm-up (three rounds and a tenth of the time) is not counted.
            Percentiles are nearest rank. peak_rss_mib is the whole process's peak up to that engine's first inference:
            to compare memory, bench one engine at a time, or read peak_rss_increase_mib. --isa goes to the engines that have
            tiers. first_result_ms counts from the start of the process (first engine only; up to 10 ms too long).

            --layers prints milliseconds, GMAC/s, share of the measured peak and bytes of every layer; with --json one line a layer
            after the first.

              resnetedge bench model.onnx --engine fused --engine onnxruntime --threads 1 --seconds 10
              resnetedge bench model.onnx --engine fused --layers
            """,
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        var names = arguments.Values(Engines.Name) is { Count: > 0 } given ? given : [EngineTable.Auto];
        foreach (string name in names) EngineTable.Check(name);
        if (names.Distinct().Count() < names.Count) throw Arguments.Usage("the same --engine was given twice");
        if (arguments.Has(Layers.Name) && !names.Any(n => n is FusedEngine.EngineName or EngineTable.Auto))
            throw Arguments.Usage($"--layers needs --engine {FusedEngine.EngineName}");
        var options = CommonOptions.ReadEngineOptions(arguments, names);
        var budget = TimeSpan.FromSeconds(arguments.Number(Seconds.Name, DefaultSeconds, 0, MostSeconds));
        string path = arguments.Operands[0];
        using var keys = CommonOptions.ReadKeys(arguments);
        var shapes = InputShapeOption.Read(arguments);
        int level = ChooseLevel(() => Package.Open(path, keys, shapes), names[0], options, LevelChoice.Read(arguments, terminal.Error.WriteLine));

        var engines = new List<BenchedEngine>();
        try
        {
            foreach (string name in names)
            {
                // A tier is asked of the engines that have one; alone, an engine without tiers refuses it.
                var asked = names.Count > 1 && name == OnnxRuntimeEngine.EngineName ? options with { Isa = null } : options;
                engines.Add(BenchedEngine.Start(() => Package.Open(path, keys, shapes), name, asked, RandomInput.For, level));
                if (name == EngineTable.Auto) terminal.Error.WriteLine($"engine {engines[^1].Engine.Name}: {engines[^1].Reason}");
            }

            var fused = arguments.Has(Layers.Name) ? FusedOf(engines) : null;
            var latencies =
                RoundRobin.Run([.. engines.Select(e => (Func<TimeSpan>)e.Infer)], budget, RoundRobin.LetThreadsSleep(engines.Count, options.Threads));
            var report = new BenchReport(
                path,
                MachineReport.Read(),
                budget.TotalSeconds,
                RandomInput.Description,
                [.. engines.Select((e, i) => e.Figures(latencies[i], options.Threads, isFirst: i == 0))],
                engines.Select(e => e.Engine).OfType<OnnxRuntimeEngine>().FirstOrDefault()?.LibraryVersion);
            var layers = fused is null ? [] : LayerTimes.Measure(fused, options.Threads, budget);
            if (arguments.Value(Report.Name) is { } file) BenchPage.Write(file, report, latencies, layers);
            if (arguments.Has(CommonOptions.Json.Name)) PrintJson(terminal.Out, report, layers);
            else PrintTables(terminal.Out, report, layers);
            return ExitCode.Done;
        }
        finally
        {
            foreach (var engine in engines) engine.Dispose();
        }
    }

    // A budget is timed on the first engine; all are then benched on the same network.
    private static int ChooseLevel(Func<Package> open, string engine, EngineOptions options, LevelChoice choice)
    {
        using var package = open();
        return choice.Of(package, engine, options);
    }

    private static FusedEngine FusedOf(List<BenchedEngine> engines) => engines.Select(e => e.Engine).OfType<FusedEngine>().FirstOrDefault()
        ?? throw EdgeException.Unavailable(
            $"--layers times the engine {FusedEngine.EngineName}, but {engines[0].Engine.Name} was chosen: {engines[0].Reason}");

    private static void PrintJson(TextWriter writer, BenchReport report, IReadOnlyList<LayerReport> layers)
    {
        Json.WriteLine(writer, report, Json.Default.BenchReport);
        foreach (var layer in layers) Json.WriteLine(writer, layer, Json.Default.LayerReport);
    }

    private static void PrintTables(TextWriter writer, BenchReport report, IReadOnlyList<LayerReport> layers)
    {
        BenchTable.Print(writer, report);
        if (layers.Count > 0) LayerTable.Print(writer, layers);
    }
}
