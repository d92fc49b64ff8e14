using System.Globalization;
using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Fuzz;
using ResNetEdge.Tests.Unit.Runtime.Onnx;
using Xunit.Abstractions;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Random residual graphs through the planner. RESNETEDGE_FUZZ=N runs N seeds instead of the few of the quick gate.</summary>
public class PlannerFuzzTests(ITestOutputHelper output)
{
    private const double Fp32Bound = 2e-5, MeanDistanceBound = 0.03;

    [Fact]
    public void Float_graphs_equal_the_reference_within_the_bound() => Each(100, seed =>
    {
        var graph = FuzzNetworks.Make(seed, isExact: false);
        float[] input = Input(graph, seed, exact: false);
        Compare(Run(new ReferenceEngine(graph), input), Run(new FusedEngine(graph, Options(seed)), input), graph, Fp32Bound);
    });

    [Fact]
    public void Quantised_graphs_equal_the_reference_bit_for_bit() => Each(150, seed =>
    {
        var (graph, input) = Quantized(seed);
        Compare(Run(new ReferenceEngine(graph), input), Run(new FusedEngine(graph, Options(seed)), input), graph, 0);
    });

    /// <summary>
    /// A scale that is not a power of two leaves a last bit to the order of products and a bias to the steps of its layer; a value near a tie
    /// then goes to the next step, and a step can be a large share of an output. So the mean over the graphs is bounded.
    /// </summary>
    [Fact]
    public void Graphs_of_any_scale_stay_close_to_the_reference()
    {
        var distances = new List<double>();
        int compared = Each(100, seed =>
        {
            var (graph, input) = Quantized(seed, isExact: false);
            var fused = Run(new FusedEngine(graph, Options(seed)), input);
            distances.Add(Difference(Run(new ReferenceEngine(graph), input), fused));
        });
        Assert.InRange(distances.Average(), 0, MeanDistanceBound);
        output.WriteLine($"{compared} graphs, largest difference of any output as a share of its largest value: mean {distances.Average():P3}, "
            + $"worst {distances.Max():P2}, none at all in {distances.Count(static d => d < Fp32Bound)}");
    }

    [SkippableFact]
    public void Graphs_equal_onnx_runtime()
    {
        OnnxRuntimeHere.OrSkip();
        Each(40, seed =>
        {
            var graph = FuzzNetworks.Make(seed, isExact: false);
            float[] input = Input(graph, seed, exact: false);
            Compare(OnnxRuntime(graph, input, isOptimized: false), Run(new FusedEngine(graph, Options(seed)), input), graph, Fp32Bound);
        });
    }

    /// <summary>
    /// Node by node ONNX Runtime gives the same bits. Its own fusions round products of scales in another order, and leave out what they
    /// take for no change: how often is only counted.
    /// </summary>
    [SkippableFact]
    public void Quantised_graphs_equal_onnx_runtime_bit_for_bit()
    {
        OnnxRuntimeHere.OrSkip();
        var others = new List<string>();
        int compared = Each(60, seed =>
        {
            var (graph, input) = Quantized(seed);
            var fused = Run(new FusedEngine(graph, Options(seed)), input);
            Compare(OnnxRuntime(graph, input, isOptimized: false), fused, graph, 0);
            double optimized = Difference(OnnxRuntime(graph, input, isOptimized: true), fused);
            if (optimized > 0) others.Add(string.Create(CultureInfo.InvariantCulture, $"{seed} ({optimized:P1})"));
        });
        output.WriteLine(
            $"{compared} graphs equal; ONNX Runtime's fusions change the result of {others.Count}: {string.Join(", ", others.Take(200))}");
    }

    private static (Graph Graph, float[] Input) Quantized(int seed, bool isExact = true)
    {
        var graph = FuzzNetworks.Make(seed, isExact: true);
        float[] input = Input(graph, seed, exact: true);
        return (FuzzQuantization.Apply(graph, input, seed, isExact), input);
    }

    private static int Each(int quick, Action<int> check)
    {
        int count = FuzzSettings.Count(quick);
        for (int seed = 0; seed < count; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n{e.StackTrace}");
            }
        }

        return count;
    }

    private static EngineOptions Options(int seed)
    {
        string[] tiers = [.. KernelTiers.AvailableNames.Where(t => t != KernelTiers.Scalar.Name)];
        return new EngineOptions { Threads = 1 + seed % 3, Isa = tiers.Length == 0 ? null : tiers[seed / 3 % tiers.Length] };
    }

    private static float[] Input(Graph graph, int seed, bool exact)
    {
        var random = new Random(seed + 1000);
        return [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount)
            .Select(_ => exact ? random.Next(-64, 65) / 64f : (float)(random.NextDouble() * 2 - 1))];
    }

    /// <summary>Two runs, the first on another input: nothing may be left of it.</summary>
    private static float[][] Run(IEngine engine, float[] input)
    {
        using (engine)
        {
            engine.SetInput<float>(0, [.. input.Select(v => -v)]);
            engine.Run();
            engine.SetInput<float>(0, input);
            engine.Run();
            var outputs = engine.Outputs.Select(o => new float[o.Shape.ElementCount]).ToArray();
            for (int i = 0; i < outputs.Length; i++) engine.GetOutput<float>(i, outputs[i]);
            return outputs;
        }
    }

    private static float[][] OnnxRuntime(Graph graph, float[] input, bool isOptimized)
    {
        using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(graph), isOptimized);
        return [.. session.Run([MemoryMarshal.AsBytes<float>(input).ToArray()]).Select(bytes => MemoryMarshal.Cast<byte, float>(bytes).ToArray())];
    }

    /// <summary>The largest difference of any output, as a share of its largest value.</summary>
    private static double Difference(float[][] expected, float[][] actual) => expected.Zip(actual).Max(outputs =>
        outputs.First.Zip(outputs.Second).Max(v => Math.Abs((double)v.First - v.Second)) / Math.Max(outputs.First.Max(Math.Abs), float.Epsilon));

    private static void Compare(float[][] expected, float[][] actual, Graph graph, double bound)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double largest = expected[i].Max(v => Math.Abs((double)v)), worst = 0;
            for (int k = 0; k < expected[i].Length; k++) worst = Math.Max(worst, Math.Abs((double)expected[i][k] - actual[i][k]));
            if (!(worst <= bound * largest)) Assert.Fail($"output {graph.Outputs[i].Name}: difference {worst:G4} of largest {largest:G4}");
        }
    }
}
