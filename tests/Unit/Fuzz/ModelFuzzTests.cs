using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Import.Passes;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using Xunit.Abstractions;

namespace ResNetEdge.Tests.Unit.Fuzz;

/// <summary>
/// Damaged models from the file to one inference and to an int8 package: each runs, or is refused with an
/// exit code for what the user gave. RESNETEDGE_FUZZ=N tries N models instead of the few of the quick gate;
/// RESNETEDGE_FUZZ_FIRST is the first seed; RESNETEDGE_FUZZ_LOG names a file that holds the seed being tried.
/// </summary>
public class ModelFuzzTests(ITestOutputHelper output)
{
    private const int Quick = 3000, ExportEvery = 8;
    private const long MostMacs = 20_000_000, MostElements = 1 << 20;
    private long _ran, _refused, _exported, _largest;
    private double _slowestMs;

    [Fact]
    public void A_damaged_model_runs_or_is_refused()
    {
        int count = FuzzSettings.Count(Quick), first = FuzzSettings.First;
        string? log = Environment.GetEnvironmentVariable("RESNETEDGE_FUZZ_LOG");
        var failures = new Dictionary<string, string>(StringComparer.Ordinal); // by place, the first of each
        for (int seed = first; seed < first + count; seed++)
        {
            if (log is not null) File.WriteAllText(log, $"{seed}\n");
            try
            {
                Try(seed);
            }
            catch (Exception e) when (e is not EdgeException)
            {
                string trace = e.StackTrace ?? "";
                failures.TryAdd(trace.Split('\n').FirstOrDefault(static line => line.Contains("ResNetEdge.", StringComparison.Ordinal), trace),
                    $"seed {seed}: {e}");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count} models: {_ran} ran, {_exported} were quantised and checked, {_refused} refusals; "
                + $"slowest {_slowestMs:F0} ms, most managed memory {_largest >> 20} MiB"));
        Assert.True(failures.Count == 0, $"{failures.Count} kinds of failure:\n{string.Join("\n", failures.Values)}");
        Assert.True(_ran > count / 50);
    }

    private void Try(int seed)
    {
        byte[] bytes = ModelMutations.Make(seed);
        long start = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
        if (Survives(() => OnnxReader.Read(bytes, "model")) is { } graph)
        {
            _ = Survives(() => GraphFacts.Of(PassList.Read(graph)));
            if (Survives(() => Run(graph, seed))) _ran++;
            if (seed % ExportEvery == 0 && Survives(() => Export(graph, seed))) _exported++;
        }

        _largest = Math.Max(_largest, GC.GetAllocatedBytesForCurrentThread() - before);
        _slowestMs = Math.Max(_slowestMs, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>The result, or null when the model was refused; an exit code that says "internal error" is not a refusal.</summary>
    private T? Survives<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (EdgeException e) when (e.Kind is not FailureKind.Defect)
        {
            Assert.NotEmpty(e.Message);
            _refused++;
            return default;
        }
    }

    private static bool Run(Graph graph, int seed)
    {
        string[] tiers = [.. KernelTiers.AvailableNames.Where(t => t != KernelTiers.Scalar.Name)];
        using var model = new FusedModel(graph, new EngineOptions { Isa = tiers.Length == 0 ? null : tiers[seed % tiers.Length] });
        if (model.Plan.Steps.Sum(s => s.Macs) > MostMacs || model.Plan.ArenaBytes > MostElements * sizeof(float)) return false;
        using var engine = new FusedEngine(model, new EngineOptions());
        Feed(engine, seed);
        engine.Run();
        for (int i = 0; i < engine.Outputs.Count; i++) engine.GetOutputBytes(i, new byte[engine.Outputs[i].ByteCount()]);
        return true;
    }

    /// <summary>What <c>export --precision int8</c> does to a graph, up to its golden vectors.</summary>
    private static bool Export(Graph source, int seed)
    {
        var graph = PassList.Run(ImportPassList.Run(source));
        var values = ShapeInference.Infer(graph);
        if (values.Values.Sum(v => (long)v.Shape.ElementCount) > MostElements || GraphFacts.Of(graph).Macs > MostMacs || graph.Inputs.Count == 0
            || graph.Outputs.Count == 0)
            return false;
        for (int i = 0; i < graph.Outputs.Count; i++) graph.Outputs[i] = values[graph.Outputs[i].Name];
        var int8 = Quantizer.IsQuantized(graph) ? graph
            : Quantizer.Quantize(
                graph, new QuantizationOptions(), g => GraphEngine.LoadForCalibration(g, 1), 2, (engine, i) => Feed(engine, seed + i)).Int8;
        using var engine = GraphEngine.Load(int8, 1);
        _ = GoldenVectors.Make(int8, engine, null, Precisions.Int8);
        return true;
    }

    private static void Feed(IEngine engine, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < engine.Inputs.Count; i++)
        {
            var info = engine.Inputs[i];
            byte[] bytes = new byte[info.ByteCount()];
            if (info.Type == ElementType.Float32)
                foreach (ref float value in MemoryMarshal.Cast<byte, float>(bytes.AsSpan())) value = random.NextSingle() * 4 - 2;
            else random.NextBytes(bytes);
            engine.SetInputBytes(i, bytes);
        }
    }
}
