using System.Diagnostics;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Bench;

/// <summary>An engine under measurement: loaded, run once, then run as often as asked on the same input.</summary>
internal sealed class BenchedEngine : IDisposable
{
    private const int AllocationRuns = 10;

    private readonly byte[][] _inputs;
    private readonly byte[][] _outputs;

    private BenchedEngine(IEngine engine, byte[][] inputs)
    {
        (Engine, _inputs) = (engine, inputs);
        _outputs = [.. engine.Outputs.Select(o => new byte[o.ByteCount()])];
    }

    public IEngine Engine { get; }

    /// <summary>Why this engine was taken.</summary>
    public required string Reason { get; init; }

    public required TimeSpan Load { get; init; }

    public TimeSpan FirstInference { get; private set; }

    /// <summary>Age of the process when the first result was there.</summary>
    public TimeSpan? FirstResult { get; private set; }

    public double? PeakRssMib { get; private set; }

    public double? PeakRssIncreaseMib { get; private set; }

    /// <summary>Loads an engine and runs it once.</summary>
    /// <param name="open">Opens the model; that, reading and parsing it count as loading.</param>
    /// <param name="name">As on the command line.</param>
    /// <param name="options">Threads, tier.</param>
    /// <param name="input">Makes the input bytes, one array an input.</param>
    /// <param name="level">Level of a package's ladder.</param>
    public static BenchedEngine Start(Func<Package> open, string name, EngineOptions options, Func<IEngine, byte[][]> input, int level = 0) =>
        Start(() => LoadEngine(open, name, options, level), input);

    /// <summary>Loads an engine and runs it once.</summary>
    /// <param name="load">What counts as loading.</param>
    /// <param name="input">Makes the input bytes, one array an input.</param>
    public static BenchedEngine Start(Func<LoadedEngine> load, Func<IEngine, byte[][]> input)
    {
        double? before = PeakRss.Mebibytes();
        bool reset = PeakRss.TryReset();
        double? resident = PeakRss.CurrentMebibytes();
        long start = Stopwatch.GetTimestamp();
        var loaded = load();
        var took = Stopwatch.GetElapsedTime(start);
        try
        {
            var engine = new BenchedEngine(loaded.Engine, input(loaded.Engine)) { Reason = loaded.Reason, Load = took };
            engine.FirstInference = engine.Infer();
            engine.FirstResult = ProcessAge.Now();
            double? after = PeakRss.Mebibytes();
            engine.PeakRssMib = before > after ? before : after;
            engine.PeakRssIncreaseMib = reset ? after - resident : null;
            return engine;
        }
        catch
        {
            loaded.Engine.Dispose();
            throw;
        }
    }

    /// <summary>One inference: feed, run, read. Allocates nothing.</summary>
    public TimeSpan Infer()
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < _inputs.Length; i++) Engine.SetInputBytes(i, _inputs[i]);
        Engine.Run();
        for (int i = 0; i < _outputs.Length; i++) Engine.GetOutputBytes(i, _outputs[i]);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The engine and nothing else, so that none is charged for what only the other needs.</summary>
    private static LoadedEngine LoadEngine(Func<Package> open, string name, EngineOptions options, int level)
    {
        using var package = open();
        return EngineTable.Load(name, package.ModelAt(level), options);
    }

    /// <summary>What was measured.</summary>
    /// <param name="latencies">The timed inferences.</param>
    /// <param name="threads">That shared each.</param>
    /// <param name="isFirst">Whether the time from the start of the process means anything.</param>
    public EngineBench Figures(LatencyPercentiles latencies, int threads, bool isFirst) => new()
    {
        Engine = Engine.Name,
        Threads = threads,
        Runs = latencies.Count,
        P50Ms = Milliseconds(latencies.Percentile(50)),
        P90Ms = Milliseconds(latencies.Percentile(90)),
        P99Ms = Milliseconds(latencies.Percentile(99)),
        MinMs = Milliseconds(latencies.Min),
        LoadMs = Milliseconds(Load),
        FirstInferMs = Milliseconds(FirstInference),
        FirstResultMs = isFirst && FirstResult is { } age ? Milliseconds(age) : null,
        PeakRssMib = Round(PeakRssMib),
        PeakRssIncreaseMib = Round(PeakRssIncreaseMib),
        AllocatedBytesPerRun = AllocatedBytes.PerRun(() => Infer(), AllocationRuns),
    };

    /// <inheritdoc/>
    public void Dispose() => Engine.Dispose();

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 4);

    private static double? Round(double? mebibytes) => mebibytes is { } value ? Math.Round(value, 1) : null;
}
