using System.Globalization;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Benchmarks.Suite;

/// <summary>
/// <c>soak MODEL N</c>: N inferences of the fused engine on two inputs in turns; no bit may change, nothing be allocated, no memory grow.
/// </summary>
internal static class Soak
{
    private const int WarmUp = 100, Seed = 11;

    /// <summary>Growth of resident memory that is not a leak: pages that the runtime itself touches late.</summary>
    private const double ToleratedMib = 4;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>0, or 1 when anything changed or grew.</returns>
    /// <exception cref="EdgeException">Exit 2: no model or no number. Exit 3: the model cannot be used.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words.Length != 2 || !long.TryParse(words[1], CultureInfo.InvariantCulture, out long inferences) || inferences < 1)
            throw new EdgeException(FailureKind.Usage, "usage: soak MODEL N");
        using var package = Package.Open(words[0]);
        using var engine = new FusedEngine(package.Model.Graph, new EngineOptions());
        var result = Run(engine, inferences);
        Console.WriteLine($"{words[0]}: {inferences} inferences in {result.Seconds:F1} s, {result.Changed} with a changed bit, "
            + $"{result.AllocatedBytes} bytes allocated, "
            + $"resident memory {result.RssBeforeMib:F1} MiB before, {result.RssAfterMib:F1} MiB after");
        bool grew = result.RssAfterMib - result.RssBeforeMib > ToleratedMib;
        return (int)(result.Changed > 0 || result.AllocatedBytes > 0 || grew ? ExitCode.Defect : ExitCode.Done);
    }

    /// <summary>Runs an engine.</summary>
    /// <param name="engine">Its inputs and outputs are float32.</param>
    /// <param name="inferences">Counted ones; some more warm up.</param>
    public static SoakResult Run(IEngine engine, long inferences)
    {
        var random = new Random(Seed);
        float[][] inputs = [.. Enumerable.Range(0, 2)
            .Select(_ => Enumerable.Range(0, engine.Inputs[0].Shape.ElementCount).Select(_ => random.NextSingle() * 2 - 1).ToArray())];
        float[] output = new float[engine.Outputs[0].Shape.ElementCount];
        float[][] expected = [.. inputs.Select(input =>
        {
            Infer(engine, input, output);
            return output.ToArray();
        })];
        for (int i = 0; i < WarmUp; i++) Infer(engine, inputs[i % 2], output);
        double? before = PeakRss.CurrentMebibytes();
        long changed = 0, allocated = GC.GetAllocatedBytesForCurrentThread(), start = System.Diagnostics.Stopwatch.GetTimestamp();
        for (long i = 0; i < inferences; i++)
        {
            Infer(engine, inputs[i % 2], output);
            if (!SameBits(output, expected[i % 2])) changed++;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new SoakResult(
            changed, allocated, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds, before, PeakRss.CurrentMebibytes());
    }

    private static void Infer(IEngine engine, float[] input, float[] output)
    {
        engine.SetInput<float>(0, input);
        engine.Run();
        engine.GetOutput<float>(0, output);
    }

    private static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b));
}

/// <summary>What a long run saw.</summary>
/// <param name="Changed">Inferences whose output differed in any bit from the first on the same input.</param>
/// <param name="AllocatedBytes">Managed memory, on the calling thread.</param>
/// <param name="Seconds">It took.</param>
/// <param name="RssBeforeMib">Resident memory after warming up; null where the system does not tell.</param>
/// <param name="RssAfterMib">At the end.</param>
internal sealed record SoakResult(long Changed, long AllocatedBytes, double Seconds, double? RssBeforeMib, double? RssAfterMib);
