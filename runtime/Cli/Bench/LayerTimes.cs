using System.Diagnostics;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Plans;

namespace ResNetEdge.Cli.Bench;

/// <summary>Times every step of a plan inside whole inferences, so that caches are as they are in use.</summary>
internal static class LayerTimes
{
    private const int MostRuns = 2000;
    private static readonly TimeSpan PeakBudget = TimeSpan.FromMilliseconds(200);

    /// <summary>Measures the peak, then the steps.</summary>
    /// <param name="engine">Warm, its inputs set.</param>
    /// <param name="threads">That share a step.</param>
    /// <param name="budget">For the inferences; at least one is made.</param>
    public static IReadOnlyList<LayerReport> Measure(FusedEngine engine, int threads, TimeSpan budget)
    {
        var steps = engine.Plan.Steps;
        double fp32Peak = Peak(engine, isInt8: false, threads), int8Peak = Peak(engine, isInt8: true, threads);
        var latencies = new LatencyPercentiles[steps.Length];
        for (int i = 0; i < latencies.Length; i++) latencies[i] = new LatencyPercentiles(MostRuns);
        long[] ends = new long[steps.Length + 1];
        long start = Stopwatch.GetTimestamp();
        do
        {
            engine.Run(ends);
            for (int i = 0; i < latencies.Length; i++) latencies[i].Add(Stopwatch.GetElapsedTime(ends[i], ends[i + 1]));
        }
        while (Stopwatch.GetElapsedTime(start) < budget && !latencies[0].IsFull);

        double total = latencies.Sum(l => l.Percentile(50).TotalSeconds);
        return [.. steps.Select((step, i) => Report(i, step, latencies[i], total, IsInt8(step) ? int8Peak : fp32Peak))];
    }

    /// <summary>Of all threads together; NaN where no layer asks for it.</summary>
    private static double Peak(FusedEngine engine, bool isInt8, int threads) =>
        Array.Exists(engine.Plan.Steps, s => s.Macs > 0 && IsInt8(s) == isInt8)
            ? threads * PeakRate.Measure(engine.Tier, isInt8, PeakBudget) : double.NaN;

    private static LayerReport Report(int index, PreparedStep step, LatencyPercentiles latencies, double total, double peak)
    {
        double p50 = latencies.Percentile(50).TotalSeconds, rate = step.Macs / p50;
        bool multiplies = step.Macs > 0 && p50 > 0;
        return new LayerReport
        {
            Layer = index,
            Operation = step.Operation,
            Node = step.Node,
            Kernel = step.Kernel.Name,
            P50Ms = Math.Round(p50 * 1e3, 4),
            MinMs = Math.Round(latencies.Min.TotalMilliseconds, 4),
            TimeShare = total > 0 ? Math.Round(p50 / total, 4) : 0,
            Macs = step.Macs,
            GmacPerS = multiplies ? Math.Round(rate / 1e9, 1) : null,
            PeakShare = multiplies ? Math.Round(rate / peak, 3) : null,
            ActivationBytes = step.ActivationBytes,
            WeightBytes = step.Kernel.PackedBytes,
        };
    }

    private static bool IsInt8(PreparedStep step) => step.Kernel.Name.Contains("Int8", StringComparison.Ordinal);
}
