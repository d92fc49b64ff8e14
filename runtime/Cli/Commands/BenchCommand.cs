using ResNetEdge.Cli.Bench;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
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

    private static readonly Option Card = new("--card", "FILE",
        "Also measures with one thread, checks the golden vectors, and writes everything with the board's facts to one JSON file, to be sent.");

    public static Verb Verb { get; } = new()
    {
        Name = "bench",
        Summary = "Measures latency, load time and memory of a model.",
        Operands = "PACKAGE|ONNX",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            Engines, ThreadsOption.Option, Seconds, InputShapeOption.Option, LevelChoice.Level, LevelChoice.Budget, CommonOptions.Isa,
            .. ProviderOptions.All, CommonOptions.Key, CommonOptions.ModelMib, CommonOptions.Json, Report, Layers, Card,
        ],
        Notes = """
            One inference is: copy the input in, run, copy the outputs out. Several --engine take turns, one inference each,
            on the same input, so that noise hits all alike. Warm-up (three rounds and a tenth of the time) is not counted.
            Percentiles are nearest rank. peak_rss_mib is the whole process's peak up to that engine's first inference:
            to compare memory, bench one engine at a time, or read peak_rss_increase_mib. --isa goes to the engines that have
            tiers. first_result_ms counts from the start of the process (first engine only; up to 10 ms too long).

            --layers prints milliseconds, GMAC/s, share of the measured peak and bytes of every layer; with --json one line a layer
            after the first.

            --card is for a board that others do not have: the file has the board's model, cores, clock and heat before and after, the
            figures of both numbers of threads, every layer's time and whether the golden vectors are right. It names no host, user or folder.

              resnetedge bench model.onnx --engine fused --engine onnxruntime --threads 1 --seconds 10
              resnetedge bench model.onnx --engine fused --layers
              resnetedge bench resnet18/ --card card.json
            """,
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        var names = arguments.Values(Engines.Name) is { Count: > 0 } given ? given : [EngineTable.Auto];
        foreach (string name in names) EngineTable.Check(name);
        if (names.Distinct().Count() < names.Count) throw Arguments.Usage("the same --engine was given twice");
        var needsFused = new[] { Layers, Card }.FirstOrDefault(option => arguments.Has(option.Name));
        if (needsFused is not null && !names.Any(n => n is FusedEngine.EngineName or EngineTable.Auto))
            throw Arguments.Usage($"{needsFused.Name} needs --engine {FusedEngine.EngineName}");
        var options = CommonOptions.ReadEngineOptions(arguments, names, terminal.Error.WriteLine);
        var budget = TimeSpan.FromSeconds(arguments.Number(Seconds.Name, DefaultSeconds, 0, MostSeconds));
        string path = arguments.Operands[0];
        using var keys = CommonOptions.ReadKeys(arguments);
        var shapes = InputShapeOption.Read(arguments);
        int level = ChooseLevel(() => Package.Open(path, keys, shapes), names[0], options, LevelChoice.Read(arguments, terminal.Error.WriteLine));

        string? card = arguments.Value(Card.Name);
        bool withLayers = arguments.Has(Layers.Name);
        var plan = new BenchPlan(path, () => Package.Open(path, keys, shapes), level, names, budget, withLayers || card is not null);
        BenchRound round;
        if (card is null) round = BenchRound.Run(plan, options, terminal.Error.WriteLine);
        else BenchCard.Write(card, BenchCard.Measure(plan, options, terminal.Error.WriteLine, out round));
        if (arguments.Value(Report.Name) is { } page) BenchPage.Write(page, round.Report, round.Latencies, round.Layers);
        var layers = withLayers ? round.Layers : [];
        if (arguments.Has(CommonOptions.Json.Name)) PrintJson(terminal.Out, round.Report, layers);
        else PrintTables(terminal.Out, round.Report, layers);
        return ExitCode.Done;
    }

    // A budget is timed on the first engine; all are then benched on the same network.
    private static int ChooseLevel(Func<Package> open, string engine, EngineOptions options, LevelChoice choice)
    {
        using var package = open();
        return choice.Of(package, engine, options);
    }

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
