using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Benchmarks.Models.Families;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Fakes.Cuda;
using ResNetEdge.Tests.Unit.Exporter.HalfPrecision;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

/// <summary>Whole float networks by the engine cuda on the fake driver, against the processor's scalar kernels.</summary>
[Collection(CudaRig.Collection)]
public class CudaFloatNetworkTests
{
    // Relative to the largest number of an output. A sum is added up in another order, and float16 then rounds to the other side here and there.
    private const double Bound = 1e-5, HalfBound = 1e-2;

    [Theory]
    [InlineData("fp32", 87)]
    [InlineData("fp16", 87)]
    [InlineData("fp16", 72)]
    public void A_resnet_of_floats_gives_what_the_processor_gives(string precision, int processor)
    {
        var graph = SeededNetworks.Fp32("cifar_resnet20");
        bool isHalf = precision == "fp16";
        AssertSame(isHalf ? HalfGraphs.Of(graph) : graph, processor, isHalf ? HalfBound : Bound);
    }

    /// <summary>Segmentation with Resize and Expand; attention, normalizations, products; squeeze and excitation; channel shuffles.</summary>
    [Theory]
    [InlineData("deeplab_head")]
    [InlineData("gpt_kv")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("shufflenet_v2_x0_5")]
    public void A_family_gives_what_the_processor_gives(string name) => AssertSame(FamilyTable.Make(name), 87, Bound);

    private static EngineOptions Options => new() { Cuda = CudaRig.Calls };

    private static void AssertSame(Graph graph, int processor, double bound)
    {
        var driver = FakeCudaExports.Driver = new FakeCuda(new FakeCudaSettings { Processor = processor, Seed = 3 });
        using (var expected = new FusedEngine(graph, new EngineOptions { Isa = "scalar", HalfByReference = true }))
        using (var engine = CudaEngine.Load(new ModelSource(graph.Name, graph.Clone), Options))
        {
            Assert.Equal(graph.Halves.Count > 0, engine.Plan.ComputesHalf);
            var random = new Random(5);
            for (int i = 0; i < expected.Inputs.Count; i++)
            {
                float[] input = [.. Enumerable.Range(0, expected.Inputs[i].Shape.ElementCount).Select(_ => random.NextSingle() * 2 - 1)];
                expected.SetInput<float>(i, input);
                engine.SetInput<float>(i, input);
            }

            expected.Run();
            engine.Run();
            for (int o = 0; o < expected.Outputs.Count; o++)
            {
                float[] wanted = new float[expected.Outputs[o].Shape.ElementCount], made = new float[wanted.Length];
                expected.GetOutput<float>(o, wanted);
                engine.GetOutput<float>(o, made);
                double largest = wanted.Max(Math.Abs);
                Assert.True(wanted.Distinct().Count() > 3 && largest > 0, "the outputs say nothing");
                for (int i = 0; i < wanted.Length; i++)
                    Assert.True(Math.Abs(wanted[i] - made[i]) <= bound * largest, $"output {o}, element {i}: {made[i]} instead of {wanted[i]}");
            }
        }

        Assert.Empty(driver.Faults);
        Assert.Empty(driver.Leaks);
    }
}
