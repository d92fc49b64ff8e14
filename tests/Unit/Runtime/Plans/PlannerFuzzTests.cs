using System.Globalization;
using ResNetEdge.Engines;
using ResNetEdge.Kernels;
using ResNetEdge.Model;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Random residual graphs through the planner. RESNETEDGE_FUZZ=N runs N seeds instead of the few of the quick gate.</summary>
public class PlannerFuzzTests
{
    private const string Variable = "RESNETEDGE_FUZZ";
    private const double Fp32Bound = 2e-5;

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

    [SkippableFact]
    public void Graphs_equal_onnx_runtime()
    {
        OnnxRuntimeHere.OrSkip();
        Each(40, seed =>
        {
            var graph = FuzzNetworks.Make(seed, isExact: false);
            float[] input = Input(graph, seed, exact: false);
            Compare(Run(OnnxRuntime(graph), input), Run(new FusedEngine(graph, Options(seed)), input), graph, Fp32Bound);
            // ONNX Runtime rounds products of scales in its own order, and some of its int8 kernels add pairs in 16 bits.
            (graph, input) = Quantized(seed);
            Compare(Run(OnnxRuntime(graph), input), Run(new FusedEngine(graph, Options(seed)), input), graph, 0.05);
        });
    }

    private static (Graph Graph, float[] Input) Quantized(int seed)
    {
        var graph = FuzzNetworks.Make(seed, isExact: true);
        float[] input = Input(graph, seed, exact: true);
        return (FuzzQuantization.Apply(graph, input, seed), input);
    }

    private static void Each(int quick, Action<int> check)
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out int asked) ? asked : quick;
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
    }

    private static EngineOptions Options(int seed)
    {
        string[] tiers = [.. KernelTiers.AvailableNames.Where(t => t != KernelTiers.Scalar.Name)];
        return new EngineOptions { Threads = 1 + seed % 3, Isa = tiers.Length == 0 ? null : tiers[seed / 3 % tiers.Length] };
    }

    private static float[] Input(Graph graph, int seed, bool exact)
    {
        var random = new Random(seed + 1000);
        return [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(_ => exact ? random.Next(-64, 65) / 64f : (float)(random.NextDouble() * 2 - 1))];
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

    private static OnnxRuntimeEngine OnnxRuntime(Graph graph)
    {
        byte[] bytes = OnnxRoundTripTests.Write(graph);
        return new OnnxRuntimeEngine(new ModelSource("fuzz", null, () => bytes, _ => graph), new EngineOptions());
    }

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
