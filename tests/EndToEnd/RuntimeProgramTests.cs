using System.Text.Json;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>The built <c>resnetedge</c> from outside: what a person or a script sees.</summary>
public sealed class RuntimeProgramTests : IDisposable
{
    // With all of ONNX (decision 0046), float16 (0058) and kernels for GPUs (0066, 0068), without TLS, HTTP and YAML (0029).
    private const long MostBytes = 9_700_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("resnetedge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void It_is_small() => Assert.InRange(Program().Size, 1, MostBytes);

    [SkippableFact]
    public void Doctor_finds_the_native_image_and_a_vector_tier()
    {
        var result = Program().Run("doctor", "--json");
        Assert.Equal((0, ""), (result.Code, result.Error));
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.EndsWith("Native AOT", report.GetProperty("machine").GetProperty("dotnet").GetString(), StringComparison.Ordinal);
        Assert.True(report.GetProperty("kernel_tiers").EnumerateArray().First(t => t.GetProperty("available").GetBoolean())
            .GetProperty("name").GetString() != "scalar");
    }

    [SkippableFact]
    public void Both_engines_run_a_model_and_agree()
    {
        var program = Program();
        BuiltProgram.SkipWithoutOnnxRuntime();
        var (model, input) = (Model(), Array("x.npy", new Shape(4, 2, 3, 3)));
        var outputs = new List<float[]>();
        foreach (string engine in new[] { "fused", "onnxruntime" })
        {
            string folder = Path.Combine(_folder, engine);
            var result = program.Run("run", model, input, "--engine", engine, "--output-npy", folder, "--json");
            Assert.Equal((0, ""), (result.Code, result.Error));
            Assert.Equal(4, result.Output.TrimEnd().Split('\n').Length);
            var output = Npy.Read(Path.Combine(folder, "x.y.npy"));
            Assert.Equal(new Shape(4, 2, 3, 3), output.Shape);
            outputs.Add(output.ToFloats());
        }

        Assert.Equal(outputs[0], outputs[1]);
    }

    [SkippableFact]
    public void Bench_allocates_nothing_a_run()
    {
        var result = Program().Run("bench", Model(), "--engine", "fused", "--seconds", "0.1", "--json");
        Assert.Equal((0, ""), (result.Code, result.Error));
        var engine = JsonDocument.Parse(result.Output).RootElement.GetProperty("engines")[0];
        Assert.Equal(0, engine.GetProperty("allocated_bytes_per_run").GetInt64());
    }

    [SkippableFact]
    public void Bench_times_every_layer()
    {
        var result = Program().Run("bench", Model(), "--engine", "fused", "--seconds", "0.1", "--layers");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("UnaryFp32", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 layers", result.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_tier_that_does_not_exist_is_exit_5()
    {
        var result = Program().Run(new Dictionary<string, string?> { ["RESNETEDGE_ISA"] = "abacus" }, "run", Model(),
            Array("x.npy", new Shape(1, 2, 3, 3)), "--engine", "fused");
        Assert.Equal(5, result.Code);
        Assert.Contains("abacus", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_missing_onnx_runtime_is_exit_5_and_never_another_engine()
    {
        var nowhere = new Dictionary<string, string?> { ["RESNETEDGE_ORT"] = "/nowhere/libonnxruntime.so.1" };
        var result = Program().Run(nowhere, "run", Model(), Array("x.npy", new Shape(1, 2, 3, 3)), "--engine", "onnxruntime");
        Assert.Equal((5, ""), (result.Code, result.Output));
        Assert.Contains("/nowhere/libonnxruntime.so.1", result.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(2, "run")]
    [InlineData(2, "frobnicate")]
    [InlineData(3, "run", "/nowhere.onnx", "/nowhere.png")]
    [InlineData(3, "verify", "/nowhere")]
    [InlineData(5, "run", "/nowhere.onnx", "/nowhere.png", "--engine", "cuda")]
    [InlineData(5, "bench", "/nowhere.onnx", "--engine", "cuda")]
    [InlineData(5, "verify", "/nowhere", "--engine", "cuda")]
    public void What_cannot_be_done_has_its_exit_code_and_one_sentence(int code, params string[] words)
    {
        var result = Program().Run(new Dictionary<string, string?> { ["RESNETEDGE_CUDA"] = "/nowhere/libcuda.so.1" }, words);
        Assert.Equal((code, ""), (result.Code, result.Output));
        Assert.NotEmpty(result.Error);
        Assert.DoesNotContain("Unhandled exception", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_full_disk_under_stdout_is_exit_5()
    {
        Skip.IfNot(File.Exists("/dev/full"), "there is no /dev/full here");
        _ = Program();
        string program = Path.Combine(BuiltProgram.Root, BuiltProgram.Folder, "resnetedge");
        var start =
            new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" doctor > /dev/full", program]) { RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(5, process.ExitCode);
        Assert.StartsWith("resnetedge: ", error, StringComparison.Ordinal);
    }

    private static BuiltProgram Program() => BuiltProgram.OrSkip("resnetedge");

    private string Model()
    {
        string path = Path.Combine(_folder, "relu.onnx");
        File.WriteAllBytes(path, new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", 1, 1, 2, 3, 3).Output("y", 1, 1, 2, 3, 3).ToBytes());
        return path;
    }

    private string Array(string name, Shape shape)
    {
        const int seed = 3;
        var random = new Random(seed);
        var values = new float[shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
        string path = Path.Combine(_folder, name);
        AtomicFile.Write(path, stream => Npy.Write(stream, Tensor.From(shape, values.AsSpan())));
        return path;
    }
}
