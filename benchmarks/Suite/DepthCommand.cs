using System.Globalization;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Cli.Bench;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;

namespace ResNetEdge.Benchmarks.Suite;

/// <summary>
/// <c>depth [SECONDS]</c>: p50 of CIFAR ResNets of 20 to 1202 layers in int8 against their
/// products, with the least-squares line: cost grows linearly in depth.
/// </summary>
internal static class DepthCommand
{
    private const double DefaultSeconds = 10;
    private static readonly string[] Networks =
    [
        "cifar_resnet20", "cifar_resnet32", "cifar_resnet44", "cifar_resnet56", "cifar_resnet110", "cifar_resnet1001", "cifar_resnet1202",
    ];

    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>The program's exit code.</returns>
    /// <exception cref="EdgeException">Exit 2: no number.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        double seconds = DefaultSeconds;
        if (words.Length > 1 || (words.Length == 1 && !(double.TryParse(words[0], CultureInfo.InvariantCulture, out seconds) && seconds >= 0)))
            throw new EdgeException(FailureKind.Usage, "usage: depth [SECONDS]");
        FusedEngine[] engines = [.. Networks.Select(n => new FusedEngine(SeededNetworks.Int8(n), new EngineOptions()))];
        var latencies = RoundRobin.Run([.. engines.Select(e => Timed(e))], TimeSpan.FromSeconds(seconds));
        double[] macs = [.. engines.Select(e => (double)e.Plan.Steps.Sum(s => s.Macs))],
            p50 = [.. latencies.Select(l => l.Percentile(50).TotalMilliseconds)];
        var line = LineFit.Fit(macs, p50);
        for (int i = 0; i < engines.Length; i++)
            Console.WriteLine($"{Networks[i],-18} {engines[i].Plan.Steps.Length,5} steps {macs[i] / 1e6,9:F1} M MACs  p50 {p50[i],8:F3} ms  line "
                + $"{line.At(macs[i]),8:F3} ms  {macs[i] / p50[i] / 1e6,6:F1} GMAC/s");
        Console.WriteLine($"p50 = {line.Intercept:F4} ms + MACs / {1 / (line.Slope * 1e6):F1} GMAC/s, R² = {line.R2:F5}");
        foreach (var engine in engines) engine.Dispose();
        return (int)ExitCode.Done;
    }

    private static Func<TimeSpan> Timed(FusedEngine engine)
    {
        engine.SetInput<float>(0, new float[engine.Inputs[0].Shape.ElementCount]);
        return () =>
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            engine.Run();
            return System.Diagnostics.Stopwatch.GetElapsedTime(start);
        };
    }
}
