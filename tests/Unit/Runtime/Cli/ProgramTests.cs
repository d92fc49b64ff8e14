using System.Runtime.InteropServices;
using System.Text.Json;
using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cpu;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary>The whole program in this process, with captured writers: exit codes, what goes where, what it says.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("resnetedge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ExitCode.Usage)]
    [InlineData(ExitCode.Usage, "run")]
    [InlineData(ExitCode.Usage, "frobnicate")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "x.npy", "--engine", "abacus")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "x.npy", "--threads", "0")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "x.npy", "--top", "-1")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "x.npy", "--mean", "a,b")]
    [InlineData(ExitCode.Usage, "bench", "m.onnx", "--engine", "fused", "--engine", "fused")]
    [InlineData(ExitCode.Usage, "bench", "m.onnx", "--seconds", "-1")]
    [InlineData(ExitCode.Usage, "bench", "m.onnx", "--engine", "onnxruntime", "--layers")]
    [InlineData(ExitCode.Usage, "doctor", "now")]
    [InlineData(ExitCode.Unavailable, "run", "m.onnx", "x.npy", "--isa", "abacus")]
    [InlineData(ExitCode.Unavailable, "bench", "m.onnx", "--isa", "abacus")]
    [InlineData(ExitCode.Unavailable, "verify", "m", "--isa", "abacus")]
    [InlineData(ExitCode.Usage, "run", "--camera", "/dev/video0")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "x.npy", "--camera", "/dev/video0")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "x.npy", "--frames", "3")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "--camera", "/dev/video0", "--frames", "0")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "--camera", "/dev/video0", "--camera-size", "640")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "--camera", "/dev/video0", "--camera-size", "-1x480")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "--camera", "/dev/video0", "--camera-format", "YUYV2")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "--camera", "/dev/video0", "--camera-rate", "-1")]
    [InlineData(ExitCode.Usage, "run", "m.onnx", "--camera", "/dev/video0", "--output-npy", "d")]
    [InlineData(ExitCode.BadInput, "run", "/nowhere/m.onnx", "x.npy")]
    [InlineData(ExitCode.BadInput, "bench", "/nowhere/m.onnx")]
    [InlineData(ExitCode.BadInput, "inspect", "/nowhere/m.onnx")]
    [InlineData(ExitCode.BadInput, "verify", "/nowhere/p")]
    public void What_cannot_be_done_has_its_exit_code_and_words_on_stderr_only(ExitCode code, params string[] words)
    {
        var result = Run(words);
        Assert.Equal(code, result.Code);
        Assert.Empty(result.Output);
        Assert.NotEmpty(result.Error);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_has_help_that_names_its_options()
    {
        foreach (var verb in ResNetEdge.Cli.Program.Verbs)
        {
            var (code, output, _) = Run(verb.Name, "--help");
            Assert.Equal(ExitCode.Done, code);
            Assert.All(verb.Options, o => Assert.Contains(o.Name, output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Doctor_names_tiers_engines_and_libraries()
    {
        var (code, output, _) = Run("doctor", "--json");
        Assert.Equal(ExitCode.Done, code);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(1, report.GetProperty("kernel_tiers").EnumerateArray().Count(t => t.GetProperty("used").GetBoolean()));
        Assert.All(report.GetProperty("kernel_tiers").EnumerateArray(), t =>
        {
            string reason = t.GetProperty("reason").GetString()!;
            Assert.Equal(t.GetProperty("used").GetBoolean(), reason.StartsWith("used: ", StringComparison.Ordinal));
            Assert.Equal(t.GetProperty("available").GetBoolean(), !t.TryGetProperty("obstacle", out var obstacle));
            Assert.True(t.GetProperty("available").GetBoolean() || reason == obstacle.GetString());
        });
        string[] ladder = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? ["neonhalf", "neondot", "neon", "scalar"]
            : ["amx", "avx512vnni", "avx512bw", "avxvnni", "avx2", "scalar"];
        Assert.Equal(ladder, report.GetProperty("kernel_tiers").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Contains("onnxruntime", report.GetProperty("engines").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
        Assert.Contains("libturbojpeg", report.GetProperty("libraries").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
        Assert.Equal(ExitCode.Done, Run("doctor").Code);
    }

    [SkippableFact]
    public void A_batch_runs_item_by_item_and_is_written_batch_first()
    {
        OnnxRuntimeHere.OrSkip();
        string model = Model(1, 3);
        string input = File("x.npy", Tensor.From(new Shape(2, 3), [0f, 5, 1, 9, 0, 1]));
        var (code, output, error) =
            Run("run", model, input, "--engine", OnnxRuntimeEngine.EngineName, "--output-npy", _folder + "/out", "--json", "--top", "2");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        var lines = output.TrimEnd().Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal([0, 1], lines.Select(l => l.GetProperty("item").GetInt32()));
        Assert.Equal([1, 0], lines.Select(l => l.GetProperty("top")[0].GetProperty("index").GetInt32()));
        foreach (string field in new[] { "input", "engine", "infer_ms", "preprocess_ms", "decode_ms" })
            Assert.True(lines[0].TryGetProperty(field, out _), field);
        var written = Npy.Read(_folder + "/out/x.y.npy");
        Assert.Equal(new Shape(2, 3), written.Shape);
        Assert.Equal([0f, 5, 1, 9, 0, 1], written.ToFloats());
    }

    [SkippableFact]
    public void Auto_says_on_stderr_which_engine_it_took_and_why()
    {
        OnnxRuntimeHere.OrSkip();
        string[] run = ["run", Model(1, 3), File("x.npy", Tensor.From(new Shape(3), [1f, 2, 3]))];
        var (code, _, error) = Run([.. run, "--threads", "1"]);
        Assert.Equal(ExitCode.Done, code);
        Assert.Matches("^engine [a-z]+: .+\n$", error);
        int threads = FastestCluster.Of(CpuCores.Available).Count;
        Assert.Matches(threads == 1 ? "^engine [a-z]+: .+\n$" : $"^{threads} threads: .+\nengine [a-z]+: .+\n$", Run(run).Error);
    }

    [SkippableFact]
    public void Bench_measures_and_allocates_nothing()
    {
        OnnxRuntimeHere.OrSkip();
        var (code, output, _) =
            Run("bench", Model(1, 3), "--engine", OnnxRuntimeEngine.EngineName, "--seconds", "0", "--json", "--report", _folder + "/r.html");
        Assert.Equal(ExitCode.Done, code);
        var engine = JsonDocument.Parse(output).RootElement.GetProperty("engines")[0];
        Assert.Equal(1, engine.GetProperty("runs").GetInt32());
        Assert.True(System.IO.File.Exists(_folder + "/r.html"));
    }

    [Fact]
    public void Bench_prints_one_json_line_a_layer_after_its_own()
    {
        var (code, output, _) =
            Run("bench", Model(1, 3), "--engine", "fused", "--seconds", "0", "--layers", "--json", "--report", _folder + "/r.html");
        Assert.Equal(ExitCode.Done, code);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal("fused", JsonDocument.Parse(lines[0]).RootElement.GetProperty("engines")[0].GetProperty("engine").GetString());
        var layer = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal("Relu", layer.GetProperty("operation").GetString());
        Assert.Equal(24, layer.GetProperty("activation_bytes").GetInt64());
        Assert.Contains("Layers of the fused engine", System.IO.File.ReadAllText(_folder + "/r.html"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_picture_for_a_model_that_takes_none_is_bad_input()
    {
        OnnxRuntimeHere.OrSkip();
        System.IO.File.WriteAllBytes(_folder + "/p.png", [1]);
        Assert.Equal(ExitCode.BadInput, Run("run", Model(1, 3), _folder + "/p.png", "--engine", OnnxRuntimeEngine.EngineName).Code);
    }

    private static (ExitCode Code, string Output, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }

    private string Model(params int[] shape)
    {
        string path = Path.Combine(_folder, "m.onnx");
        System.IO.File.WriteAllBytes(path, new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", 1, shape).Output("y", 1, shape).ToBytes());
        return path;
    }

    private string File(string name, Tensor tensor)
    {
        string path = Path.Combine(_folder, name);
        AtomicFile.Write(path, stream => Npy.Write(stream, tensor));
        return path;
    }
}
