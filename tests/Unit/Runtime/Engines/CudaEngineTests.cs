using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Benchmarks.Models.Families;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Plans;
using ResNetEdge.Tests.Fakes.Cuda;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

/// <summary>The engine cuda on the fake driver: whole networks, refusals, calls that fail.</summary>
[Collection(CudaRig.Collection)]
public class CudaEngineTests
{
    private static readonly string[] CallsThatGiveBack =
    [
        "cuModuleUnload", "cuMemFree_v2", "cuMemFreeHost", "cuStreamDestroy_v2", "cuGraphDestroy", "cuGraphExecDestroy",
        "cuDevicePrimaryCtxRelease_v2",
    ];

    /// <summary>Every call that the engine makes, of which the first and the last are made to fail.</summary>
    public static TheoryData<string> Calls => [.. Fake(new FakeCudaSettings(), driver =>
    {
        Run(Small());
        return driver.Calls.Keys.Except(CallsThatGiveBack).Order().ToArray();
    })];

    [Theory]
    [InlineData("cifar_resnet20", 87, "scalar")]
    [InlineData("cifar_resnet20", 72, "scalar")]
    [InlineData("resnet18", 87, null)] // SameBitsTests hold every tier to the scalar one.
    public void A_whole_network_gives_the_bits_of_the_processor(string network, int processor, string? isa)
    {
        var graph = SeededNetworks.Int8(network);
        using var expected = new FusedEngine(graph, new EngineOptions { Isa = isa });
        Fake(new FakeCudaSettings { Processor = processor, Seed = 7 }, driver =>
        {
            using (var engine = CudaEngine.Load(Source(graph), Options))
            {
                for (int run = 0; run < (isa is null ? 1 : 2); run++) AssertSame(expected, engine, run);
                Assert.Equal(engine.Plan.Steps.Length, driver.Calls["cuLaunchKernel"]); // recorded once, whatever the number of runs
            }

            Assert.Empty(driver.Faults);
            return driver.Leaks;
        });
    }

    [Fact]
    public void Sessions_share_the_weights_and_nothing_else() => Fake(new FakeCudaSettings(), driver =>
    {
        var graph = Small();
        using var expected = new FusedEngine(graph, new EngineOptions());
        var first = CudaEngine.Load(Source(graph), Options);
        using (var second = first.Fork())
        {
            float[] ones = [.. Enumerable.Repeat(1f, first.Inputs[0].Shape.ElementCount)], before = Output(first, ones);
            AssertSame(expected, second, 3);
            Assert.Equal(before, Output(first, ones));
            first.Dispose();
            AssertSame(expected, second, 4);
        }

        Assert.Throws<ObjectDisposedException>(first.Run);
        Assert.Equal(1, driver.Calls["cuModuleLoadDataEx"]);
        return driver.Leaks;
    });

    [Fact]
    public void An_engine_may_run_on_any_thread() => Fake(new FakeCudaSettings(), driver =>
    {
        var graph = Small();
        using var expected = new FusedEngine(graph, new EngineOptions());
        var engine = CudaEngine.Load(Source(graph), Options);
        var failure = (Exception?)null;
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            AssertSame(expected, engine, 1);
            engine.Dispose();
        }));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return driver.Leaks;
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_that_fails_is_one_sentence_with_cuda_s_name_and_nothing_is_leaked(string call)
    {
        int last = Fake(new FakeCudaSettings(), driver =>
        {
            Run(Small());
            return driver.Calls[call];
        });
        if (call == "cuCtxSetCurrent") last = 1; // its last call comes before things are freed, and then changes nothing
        foreach (int number in (int[])[1, last])
            Fake(new FakeCudaSettings { FailingCall = call, FailingNumber = number, Failure = FakeCudaResult.OutOfMemory }, driver =>
            {
                var e = Assert.Throws<EdgeException>(() => Run(Small()));
                Assert.Equal(FailureKind.Unavailable, e.Kind);
                Assert.EndsWith(": CUDA_ERROR_OUT_OF_MEMORY (2)", e.Message, StringComparison.Ordinal);
                return driver.Leaks;
            });
    }

    [Fact]
    public void A_kernel_that_fails_is_told_and_the_engine_can_be_disposed_of() =>
        Fake(new FakeCudaSettings { FailingCall = "cuStreamSynchronize", FailingNumber = 40, Failure = FakeCudaResult.IllegalAddress }, driver =>
        {
            var engine = CudaEngine.Load(Source(Small()), Options);
            var e = Assert.Throws<EdgeException>(() =>
            {
                for (int run = 0; run < 40; run++) engine.Run();
            });
            Assert.Equal("the GPU 'Interpreted' failed while it ran the network: CUDA_ERROR_ILLEGAL_ADDRESS (700)", e.Message);
            engine.Dispose();
            return driver.Leaks;
        });

    [Theory]
    [InlineData("nodevice", "engine 'cuda' cannot use the NVIDIA driver: CUDA_ERROR_NO_DEVICE (100)")]
    [InlineData("sm=61", "the GPU 'Interpreted' is an sm_61, and the kernels of engine 'cuda' need sm_72 or later")]
    [InlineData("driver=10020", "the NVIDIA driver is one for CUDA 10.2, and engine 'cuda' needs CUDA 11.4 or later")]
    public void A_machine_that_cannot_run_it_is_told_why_and_auto_passes_over_it(string settings, string sentence) =>
        Fake(FakeCudaSettings.Parse(settings), driver =>
        {
            var e = Assert.Throws<EdgeException>(() => CudaEngine.Load(Source(Small()), Options));
            Assert.Equal((FailureKind.Unavailable, sentence), (e.Kind, e.Message));
            Assert.Equal(sentence, CudaEngine.Obstacle(Options));
            using var auto = EngineTable.Load(EngineTable.Auto, Source(Small()), Options).Engine;
            Assert.Equal(FusedEngine.EngineName, auto.Name);
            return driver.Leaks;
        });

    [Fact]
    public void A_network_that_does_not_fit_is_told_by_its_bytes() => Fake(new FakeCudaSettings { MemoryBytes = 4096 }, driver =>
    {
        var e = Assert.Throws<EdgeException>(() => CudaEngine.Load(Source(Small()), Options));
        Assert.Matches(@"^the GPU 'Interpreted' has no room for \d+ bytes: CUDA_ERROR_OUT_OF_MEMORY \(2\)$", e.Message);
        return driver.Leaks;
    });

    [Fact]
    public void Auto_takes_the_gpu_and_says_why_not_where_it_cannot() => Fake(new FakeCudaSettings(), driver =>
    {
        var int8 = EngineTable.Load(EngineTable.Auto, Source(Small()), Options);
        using (int8.Engine) Assert.Equal((CudaEngine.EngineName, "the best engine that can run the whole model"), (int8.Engine.Name, int8.Reason));
        var recurrent = EngineTable.Load(EngineTable.Auto, Source(Recurrent()), Options);
        using (recurrent.Engine)
        {
            Assert.Equal(FusedEngine.EngineName, recurrent.Engine.Name);
            Assert.Matches("^not cuda: the step LSTM of node '[^']+' cannot run on the backend 'cuda'$", recurrent.Reason);
        }

        return driver.Leaks;
    });

    [Fact]
    public void What_no_kernel_computes_is_refused_by_its_node_and_a_tier_by_its_name() => Fake(new FakeCudaSettings(), driver =>
    {
        var refused = Assert.Throws<EdgeException>(() => CudaEngine.Load(Source(Recurrent()), Options));
        Assert.Equal(FailureKind.Unavailable, refused.Kind);
        Assert.Contains("the step LSTM of node '", refused.Message, StringComparison.Ordinal);
        var tier = Assert.Throws<EdgeException>(() => CudaEngine.Load(Source(Small()), Options with { Isa = "avx2" }));
        Assert.Equal((FailureKind.Unavailable, true), (tier.Kind, tier.Message.Contains("'avx2'", StringComparison.Ordinal)));
        return driver.Leaks;
    });

    private static EngineOptions Options => new() { Cuda = CudaRig.Calls };

    private static SeededLayers Layers()
    {
        var net = new SeededLayers("small", 1);
        string x = net.MaxPool("pool", net.Relu("relu", net.Conv("conv1", net.Input(3, 9, 9), 16, 3)));
        x = net.Relu("relu2", net.Add("add", net.Conv("conv2", x, 16, 3), x));
        net.Classifier("fc", x, 5);
        return net;
    }

    private static Graph Recurrent() => FamilyTable.Make("residual_lstm");

    private static Graph Small() => Layers().Quantized();

    private static ModelSource Source(Graph graph) => new(graph.Name, graph.Clone);

    /// <summary>Sets a driver up, uses it, and finds nothing left behind.</summary>
    private static T Fake<T>(FakeCudaSettings settings, Func<FakeCuda, T> use)
    {
        var driver = FakeCudaExports.Driver = new FakeCuda(settings);
        var result = use(driver);
        Assert.Empty(driver.Leaks);
        return result;
    }

    private static void Run(Graph graph)
    {
        using var engine = CudaEngine.Load(Source(graph), Options);
        engine.Run();
    }

    private static void AssertSame(FusedEngine expected, IEngine engine, int seed)
    {
        var random = new Random(seed);
        float[] input = [.. Enumerable.Range(0, expected.Inputs[0].Shape.ElementCount).Select(_ => random.NextSingle() * 4 - 2)];
        float[] made = Output(engine, input), wanted = Output(expected, input);
        Assert.True(wanted.Distinct().Count() > 3, "the outputs say nothing");
        Assert.Equal(wanted, made);
    }

    private static float[] Output(IEngine engine, float[] input)
    {
        float[] output = new float[engine.Outputs[0].Shape.ElementCount];
        engine.SetInput<float>(0, input);
        engine.Run();
        engine.GetOutput<float>(0, output);
        return output;
    }
}
