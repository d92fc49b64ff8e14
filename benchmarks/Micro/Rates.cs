using System.Diagnostics;
using ResNetEdge.Backends.Cpu;

namespace ResNetEdge.Benchmarks.Micro;

/// <summary>
/// A quick look without BenchmarkDotNet: <c>rates NETWORK int8|fp32 [TIER]</c> prints billions of
/// products a second for each layer, the best of short runs.
/// </summary>
internal static class Rates
{
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(60);

    public static int Print(ReadOnlySpan<string> args)
    {
        if (args.Length is < 2 or > 3 || args[1] is not ("int8" or "fp32"))
        {
            Console.Error.WriteLine($"usage: rates {string.Join("|", LayerShapes.Networks)} int8|fp32 [TIER]");
            return 2;
        }

        var tier = args.Length == 3 ? KernelTiers.Find(args[2]) : KernelTiers.Best;
        double total = 0;
        foreach (var (shape, times) in LayerShapes.Read(args[0]))
        {
            string line = $"{shape,-30}";
            foreach (bool residual in (ReadOnlySpan<bool>)[false, true])
            {
                long start = Stopwatch.GetTimestamp();
                using var conv = args[1] == "int8" ? BenchConv.Int8(shape, residual, tier) : BenchConv.Fp32(shape, residual, tier);
                double prepare = Stopwatch.GetElapsedTime(start).TotalMilliseconds, best = Best(conv);
                line += $" {shape.Macs / best / 1e9,8:F1} GMAC/s {best * 1e6,8:F1} "
                    + $"us{(residual ? " with residual" : $" {conv.Name}, made in {prepare:F1} ms |")}";
                total += residual ? 0 : best * times;
            }

            Console.WriteLine(line);
        }

        Console.WriteLine($"all convolutions without residuals: {total * 1e3:F2} ms");
        return 0;
    }

    private static double Best(BenchConv conv)
    {
        conv.Run();
        double best = double.MaxValue;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Span;)
        {
            long before = Stopwatch.GetTimestamp();
            conv.Run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds);
        }

        return best;
    }
}
