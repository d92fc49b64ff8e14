using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

public class QuantizedPlannerTests
{
    private const int Networks = 40;

    [Fact]
    public void Int8_networks_are_close_to_the_reference_of_the_same_file()
    {
        for (int seed = 0; seed < Networks; seed++)
        {
            var graph = Quantize(seed);
            float[] input = RandomNetworks.Input(graph, seed);
            // The fused engine adds the branch before rounding it, so single steps of a scale may differ.
            PlannerTests.AssertClose(PlannerTests.Run(new ReferenceEngine(graph), input),
                PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), input), 0.08, $"seed {seed}");
        }
    }

    [Fact]
    public void Every_tier_gives_the_same_bits()
    {
        for (int seed = 0; seed < Networks; seed++)
        {
            var graph = Quantize(seed);
            float[] input = RandomNetworks.Input(graph, seed + 100);
            float[] scalar = PlannerTests.Run(new FusedEngine(graph, new EngineOptions { Isa = KernelTiers.Scalar.Name }), input);
            foreach (string tier in KernelTiers.AvailableNames)
                Assert.Equal(scalar, PlannerTests.Run(new FusedEngine(graph, new EngineOptions { Isa = tier, Threads = 1 + seed % 3 }), input));
        }
    }

    [Fact]
    public void Nothing_between_input_and_logits_leaves_int8()
    {
        for (int seed = 0; seed < Networks; seed++)
        {
            using var engine = new FusedEngine(Quantize(seed), new EngineOptions());
            Assert.DoesNotContain(engine.Plan.Steps, s => s.Operation is "QuantizeLinear" or "DequantizeLinear" or "NchwToNhwc" or "NhwcToNchw");
            Assert.DoesNotContain(engine.Plan.Steps, s => s.Kernel.Name.StartsWith("ConvFp32", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_residual_add_is_fused_in_int8_too()
    {
        for (int seed = 0; seed < Networks; seed++)
        {
            var graph = Quantize(seed);
            using var engine = new FusedEngine(graph, new EngineOptions());
            Assert.Equal(graph.Nodes.Count(n => n.OpType == "Add"), engine.Plan.Steps.Sum(s => s.FusedAdds));
        }
    }

    internal static Graph Quantize(int seed)
    {
        var graph = PassList.Run(RandomNetworks.Make(seed));
        return Quantizer.Quantize(graph, new QuantizationOptions(), g => new FusedEngine(g, new EngineOptions()), 4,
            (engine, i) => engine.SetInput<float>(0, RandomNetworks.Input(graph, i))).Int8;
    }
}
