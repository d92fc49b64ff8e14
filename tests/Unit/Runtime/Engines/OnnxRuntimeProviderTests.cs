using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

/// <summary>Providers of ONNX Runtime, as far as a machine without them goes: never the CPU instead.</summary>
public unsafe class OnnxRuntimeProviderTests
{
    private const int CreateSessionOptions = 10, EnableCpuMemArena = 18, ReleaseSessionOptions = 100;

    // Its functions are others of the library that succeed and change nothing: a provider that was taken and runs no node.
    private static readonly OnnxRuntimeProvider Idle =
        new("idle", "IdleExecutionProvider", CreateSessionOptions, Update: -1, EnableCpuMemArena, ReleaseSessionOptions);

    private static readonly byte[] Model = new TinyOnnx()
        .Node("Relu", ["x"], ["r"]).Node("Sqrt", ["r"], ["s"]).Node("Neg", ["s"], ["n"]).Node("Exp", ["n"], ["y"])
        .Input("x", (int)ElementType.Float32, 1, 4).Output("y", (int)ElementType.Float32, 1, 4).ToBytes();

    private static ModelSource Source => new("tiny.onnx", path: null, () => Model, _ => throw new InvalidOperationException("no graph is needed"));

    [SkippableTheory]
    [InlineData("cuda")]
    [InlineData("tensorrt")]
    public void A_provider_that_the_library_lacks_is_refused_with_its_reason(string provider)
    {
        OnnxRuntimeHere.OrSkip();
        var e = Assert.Throws<EdgeException>(() => EngineTable.Load(
            OnnxRuntimeEngine.EngineName, Source, new EngineOptions { Provider = provider }));
        Assert.Equal(FailureKind.Unavailable, e.Kind);
        Assert.StartsWith($"cannot load 'tiny.onnx' on provider {provider}: ONNX Runtime says \"", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Nodes_that_a_provider_does_not_run_are_named_and_not_run_on_the_CPU()
    {
        OnnxRuntimeHere.OrSkip();
        var api = OnnxRuntimeLibrary.Load().Api;
        var e = Assert.Throws<EdgeException>(() => api.CreateSession(Model, null, new EngineOptions(), Idle, "cannot load 'tiny.onnx'"));
        Assert.Equal(FailureKind.Unavailable, e.Kind);
        Assert.Matches(
            "^cannot load 'tiny.onnx': provider idle of ONNX Runtime does not run 4 of 4 nodes, .*Relu.*, .*Sqrt.*, .*Neg.*, \\.\\.\\., and nothing",
            e.Message);
        using var cpu = new OnnxRuntimeEngine(Source, new EngineOptions()); // The library goes on.
        Assert.Empty(cpu.Notes);
    }

    [Fact]
    public void Who_runs_a_node_is_told()
    {
        OnnxRuntimeAssignment onCpu = new("CPUExecutionProvider", "", "Relu"), onGpu = new("CUDAExecutionProvider", "a", "Conv");
        Assert.Null(OnnxRuntimeAssignment.Elsewhere([onGpu, onGpu], "CUDAExecutionProvider"));
        Assert.Null(OnnxRuntimeAssignment.Elsewhere([], "CUDAExecutionProvider"));
        Assert.Equal("1 of 2 nodes, Relu", OnnxRuntimeAssignment.Elsewhere([onGpu, onCpu], "CUDAExecutionProvider"));
        Assert.Equal("1 of 2 nodes, 'a' (Conv)", OnnxRuntimeAssignment.Elsewhere([onGpu, onCpu], "CPUExecutionProvider"));
    }

    [Fact]
    public void An_engine_without_providers_refuses_one()
    {
        foreach (string engine in new[] { EngineTable.Auto, FusedEngine.EngineName })
        {
            var e = Assert.Throws<EdgeException>(
                () => EngineTable.Load(engine, Source, new EngineOptions { Provider = "cuda" }));
            Assert.Equal(FailureKind.Usage, e.Kind);
        }
    }

    [Theory]
    [InlineData("--provider needs --engine onnxruntime", "--provider", "cuda")]
    [InlineData("--provider needs --engine onnxruntime", "--provider", "cuda", "--engine", "fused")]
    [InlineData("unknown provider 'coda'", "--provider", "coda", "--engine", "onnxruntime")]
    [InlineData("--provider-option needs --provider", "--provider-option", "device_id=0", "--engine", "onnxruntime")]
    [InlineData("'device_id' is not NAME=VALUE", "--provider-option", "device_id", "--engine", "onnxruntime", "--provider", "cuda")]
    [InlineData(
        "'device_id' is given twice", "--provider-option", "device_id=0", "--provider-option", "device_id=1", "--engine", "onnxruntime", "--provider",
        "cuda")]
    public void A_command_line_that_makes_no_sense_is_refused(string sentence, params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(ExitCode.Usage, ResNetEdge.Cli.Program.Shell.Run(["run", "model.onnx", "x.npy", .. words], new Terminal(output, error)));
        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
    }
}
