using System.Text.Json;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Benchmarks.Models.Families;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>
/// The built <c>resnetedge</c> with a GPU that interprets: the whole way from the command line through the driver's calls to the bits.
/// </summary>
public sealed class CudaProgramTests(FakeCudaLibrary library) : IClassFixture<FakeCudaLibrary>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("sm=87,seed=2")]
    [InlineData("sm=72,seed=3")]
    public void Run_gives_the_same_bits_on_the_gpu_as_on_the_scalar_processor(string settings)
    {
        var program = BuiltProgram.OrSkip("resnetedge");
        string model = Model("cifar_resnet20"), input = Input(new Shape(2, 3, 32, 32));
        var cpu = program.Run("run", model, input, "--engine", "fused", "--isa", "scalar", "--output-npy", _folder["cpu"]);
        Assert.Equal(ExitCode.Done, (ExitCode)cpu.Code);
        var gpu = program.Run(library.Environment(settings), "run", model, input, "--engine", "cuda", "--output-npy", _folder["gpu"]);
        Assert.Equal((0, ""), (gpu.Code, gpu.Error));
        string[] files = Directory.GetFiles(_folder["cpu"]);
        Assert.NotEmpty(files);
        foreach (string file in files)
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace(_folder["cpu"], _folder["gpu"], StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void Bench_allocates_nothing_a_run_and_names_the_engine_that_auto_takes()
    {
        var program = BuiltProgram.OrSkip("resnetedge");
        var result = program.Run(library.Environment(), "bench", Model("cifar_resnet20"), "--seconds", "0.1", "--json");
        Assert.Equal(0, result.Code);
        Assert.Contains("engine cuda: the best engine that can run the whole model", result.Error, StringComparison.Ordinal);
        var engine = JsonDocument.Parse(result.Output).RootElement.GetProperty("engines")[0];
        Assert.Equal(("cuda", 0), (engine.GetProperty("engine").GetString(), engine.GetProperty("allocated_bytes_per_run").GetInt64()));
    }

    [SkippableTheory]
    [InlineData("nodevice", "CUDA_ERROR_NO_DEVICE (100)")]
    [InlineData("memory=100000", "CUDA_ERROR_OUT_OF_MEMORY (2)")]
    [InlineData("fail=cuGraphLaunch:1:700", "CUDA_ERROR_ILLEGAL_ADDRESS (700)")]
    public void What_the_driver_refuses_is_exit_5_and_one_sentence(string settings, string name)
    {
        var result = BuiltProgram.OrSkip("resnetedge").Run(
            library.Environment(settings), "run", Model("cifar_resnet20"), Input(new Shape(1, 3, 32, 32)), "--engine", "cuda");
        Assert.Equal((5, ""), (result.Code, result.Output));
        Assert.Contains(name, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_network_with_a_step_that_no_kernel_computes_is_refused_by_its_node()
    {
        string path = _folder["lstm.onnx"];
        var graph = FamilyTable.Make("residual_lstm");
        using (var file = File.Create(path)) OnnxWriter.Write(graph, file);
        var result = BuiltProgram.OrSkip("resnetedge").Run(library.Environment(), "bench", path, "--engine", "cuda");
        Assert.Equal((5, ""), (result.Code, result.Output));
        Assert.Matches("the step LSTM of node '[^']+' cannot run on the backend 'cuda'", result.Error);
    }

    [SkippableFact]
    public void Doctor_says_whether_driver_and_gpu_are_there()
    {
        var program = BuiltProgram.OrSkip("resnetedge");
        Assert.Contains("sm_87", program.Run(library.Environment("sm=87"), "doctor").Output, StringComparison.Ordinal);
        var nowhere = new Dictionary<string, string?> { ["RESNETEDGE_CUDA"] = "/nowhere/libcuda.so.1" };
        Assert.Contains("/nowhere/libcuda.so.1 was not found", program.Run(nowhere, "doctor").Output, StringComparison.Ordinal);
    }

    private string Model(string network)
    {
        string path = _folder[$"{network}.onnx"];
        using var file = File.Create(path);
        OnnxWriter.Write(SeededNetworks.Int8(network), file);
        return path;
    }

    private string Input(Shape shape)
    {
        var random = new Random(4);
        float[] values = [.. Enumerable.Range(0, shape.ElementCount).Select(_ => random.NextSingle() * 2 - 1)];
        string path = _folder["x.npy"];
        AtomicFile.Write(path, stream => Npy.Write(stream, Tensor.From(shape, values.AsSpan())));
        return path;
    }
}
