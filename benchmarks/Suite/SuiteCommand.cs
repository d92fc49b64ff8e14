using System.Globalization;
using ResNetEdge.Cli.Bench;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Packages;

namespace ResNetEdge.Benchmarks.Suite;

/// <summary>
/// <c>suite DIR [SECONDS [LOG]]</c>: every .onnx of a folder (<c>models DIR</c> writes them) on the fused engine and on ONNX Runtime, one
/// inference each in turns, on one thread and on two; a line for each to the screen and, appended, to the log.
/// </summary>
internal static class SuiteCommand
{
    private const double DefaultSeconds = 6;
    private const string DefaultLog = "benchmarks/results/suite.jsonl";
    private static readonly int[] Threads = [1, 2];

    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>The program's exit code.</returns>
    /// <exception cref="EdgeException">Exit 2: no folder, no models, no number. Exit 5: ONNX Runtime or the log cannot be had.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words.Length is < 1 or > 3) throw Usage("usage: suite DIR [SECONDS [LOG]]");
        if (!Directory.Exists(words[0])) throw Usage($"no such folder: '{words[0]}'; 'models {words[0]}' writes one");
        string[] models = [.. Directory.EnumerateFiles(words[0], "*.onnx").Order(StringComparer.Ordinal)];
        if (models.Length == 0) throw Usage($"'{words[0]}' holds no .onnx; 'models {words[0]}' writes them");
        double seconds = words.Length < 2 ? DefaultSeconds
            : double.TryParse(words[1], CultureInfo.InvariantCulture, out double given) && given >= 0 ? given
            : throw Usage($"'{words[1]}' is not a number of seconds");
        string log = words.Length < 3 ? DefaultLog : words[2], command = $"suite {string.Join(' ', words.ToArray())}";
        foreach (string model in models)
        {
            foreach (int threads in Threads.Where(t => t <= Environment.ProcessorCount))
            {
                var line = Measure(model, threads, TimeSpan.FromSeconds(seconds), command);
                Append(log, line.ToJson());
                Console.WriteLine($"{line.Model,-34} {threads} thread{(threads > 1 ? "s" : " ")}  fused {line.Engines[0].P50Ms,9:F3} ms  "
                    + $"onnxruntime {line.Engines[1].P50Ms,9:F3} ms  "
                    + $"ratio {line.RatioP50,5:F2} (min {line.RatioMin:F2})  p99/p50 {line.Engines[0].P99Ms / line.Engines[0].P50Ms:F2}");
            }
        }

        return (int)ExitCode.Done;
    }

    /// <summary>Measures one model.</summary>
    internal static SuiteLine Measure(string path, int threads, TimeSpan budget, string command)
    {
        var options = new EngineOptions { Threads = threads };
        using var ours = BenchedEngine.Start(() => Package.Open(path), FusedEngine.EngineName, options, RandomInput.For);
        using var theirs = BenchedEngine.Start(() => Package.Open(path), OnnxRuntimeEngine.EngineName, options, RandomInput.For);
        var latencies = RoundRobin.Run([ours.Infer, theirs.Infer], budget, RoundRobin.LetThreadsSleep(2, threads));
        EngineBench[] engines =
        [
            ours.Figures(latencies[0], threads, false) with { PeakRssMib = null },
            theirs.Figures(latencies[1], threads, false) with { PeakRssMib = null },
        ];
        var machine = MachineReport.Read();
        return new SuiteLine
        {
            Date = machine.Date,
            Commit = machine.Commit
                ?? throw EdgeException.Unavailable("this program was built outside a git repository, so the log could not say from what"),
            Command = command,
            Machine = machine,
            Model = Path.GetFileName(path),
            Threads = threads,
            Seconds = budget.TotalSeconds,
            RatioP50 = Math.Round(engines[1].P50Ms / engines[0].P50Ms, 3),
            RatioMin = Math.Round(engines[1].MinMs / engines[0].MinMs, 3),
            OnnxRuntimeVersion = ((OnnxRuntimeEngine)theirs.Engine).LibraryVersion,
            Engines = engines,
        };
    }

    /// <summary>Adds a line at the end; nothing that stands there is touched.</summary>
    /// <exception cref="EdgeException">Exit 5: the file cannot be written.</exception>
    internal static void Append(string log, string line)
    {
        try
        {
            File.AppendAllText(log, line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.Unavailable($"{log}: {e.Message}", e);
        }
    }

    private static EdgeException Usage(string message) => new(FailureKind.Usage, message);
}
