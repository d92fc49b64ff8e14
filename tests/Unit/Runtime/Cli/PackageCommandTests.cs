using System.Text;
using System.Text.Json;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary>run, verify, inspect and bench on a package: the mean of each colour plane is the "class".</summary>
public sealed class PackageCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("resnetedge-").FullName;
    private readonly string _package;

    public PackageCommandTests()
    {
        _package = Path.Combine(_folder, "colours");
        PackageWriter.Write(_package, Content(expected: 0));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_names_the_label_of_a_picture()
    {
        string picture = Picture("green.ppm", 0, 255, 0);
        var (code, output, error) = Run("run", _package, picture, "--engine", "fused", "--json");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(picture, report.GetProperty("input").GetString());
        var best = report.GetProperty("top")[0];
        Assert.Equal(("green", 1), (best.GetProperty("label").GetString(), best.GetProperty("index").GetInt32()));
        Assert.Equal(Math.E / (Math.E + 2), best.GetProperty("probability").GetDouble(), 3);
        Assert.Contains("green 57.6 %", Run("run", _package, picture, "--engine", "fused").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_takes_a_folder_and_stops_at_a_picture_that_is_none()
    {
        Picture("pictures/a.ppm", 255, 0, 0);
        Picture("pictures/c.ppm", 0, 0, 255);
        var (code, output, _) = Run("run", _package, _folder + "/pictures", "--engine", "fused");
        Assert.Equal((ExitCode.Done, 2), (code, output.TrimEnd().Split('\n').Length));
        File.WriteAllText(_folder + "/pictures/b.png", "hello");
        (code, output, string error) = Run("run", _package, _folder + "/pictures", "--engine", "fused");
        Assert.Equal((ExitCode.BadInput, 1), (code, output.TrimEnd().Split('\n').Length));
        Assert.Contains("b.png", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_takes_frames_of_a_camera_until_they_end_or_enough_were_run()
    {
        Picture("frames/a.ppm", 255, 0, 0);
        File.WriteAllText(_folder + "/frames/b.png", "hello");
        Picture("frames/c.ppm", 0, 0, 255);
        var (code, output, error) = Run("run", _package, "--camera", _folder + "/frames", "--engine", "fused", "--json");
        Assert.Equal(ExitCode.Done, code);
        var reports = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["red", "blue"], reports.Select(r => r.GetProperty("top")[0].GetProperty("label").GetString()));
        Assert.Equal((2, 0, 1), (reports[1].GetProperty("sequence").GetInt32(), reports[1].GetProperty("dropped").GetInt32(),
            reports[1].GetProperty("damaged").GetInt32()));
        Assert.True(reports[1].GetProperty("latency_ms").GetDouble() >= reports[1].GetProperty("infer_ms").GetDouble());
        Assert.Contains("b.png", error, StringComparison.Ordinal);
        Assert.Contains("2 frames run, 0 dropped, 1 damaged", error, StringComparison.Ordinal);
        (code, output, _) = Run("run", _package, "--camera", _folder + "/frames", "--engine", "fused", "--frames", "1");
        Assert.Equal((ExitCode.Done, 1), (code, output.TrimEnd().Split('\n').Length));
        Assert.Equal(ExitCode.Unavailable, Run("run", _package, "--camera", "/dev/video98765", "--engine", "fused").Code);
    }

    [Theory]
    [InlineData("empty.mjpeg", "", "ended without a single frame")]
    [InlineData("noise.mjpeg", "hello", "ended without a single frame")]
    [InlineData("cut.mjpeg", "\u00ff\u00d8\u00ff\u00db\0", "none of its 1 frames could be used; none is complete")]
    [InlineData("broken.mjpeg", "\u00ff\u00d8\u00ff\u00da\0\u0002hello\u00ff\u00d9", "none of its 1 frames could be used; the last: ")]
    [InlineData("empty.y4m", "", "y4m")]
    [InlineData("head.y4m", "YUV4MPEG2 W2 H2 F5:1\n", "ended without a single frame")]
    [InlineData("cut.y4m", "YUV4MPEG2 W2 H2 F5:1\nFRAME\nab", "none of its 1 frames could be used")]
    [InlineData("frames/broken.png", "hello", "none of its 1 frames could be used; the last: ")]
    public void A_camera_that_gives_no_frame_that_can_be_run_is_bad_input(string name, string bytes, string words)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(bytes));
        var (code, output, error) = Run("run", _package, "--camera",
            path.Contains("frames", StringComparison.Ordinal) ? Path.GetDirectoryName(path)! : path, "--engine", "fused");
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains(words, error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Names_from_outside_command_no_terminal()
    {
        const string hostile = "gr\u001b[31meen\u202e\u009b";
        string picture = Picture("pictures/p.ppm", 0, 255, 0), renamed = Path.Combine(_folder, "pictures", $"a\u001b]0;owned\u0007\nb.ppm");
        File.Move(picture, renamed);
        PackageWriter.Write(Path.Combine(_folder, "hostile"), Content(expected: 0) with { Labels = ["red", hostile, "blue"] });
        foreach (string[] more in (string[][])[[], ["--json"]])
        {
            var (code, output, error) = Run(["run", Path.Combine(_folder, "hostile"), renamed, "--engine", "fused", .. more]);
            Assert.Equal(ExitCode.Done, code);
            Assert.Single(output.TrimEnd().Split('\n'));
            Assert.All(output + error, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"U+{(int)c:X4}"));
        }
    }

    [Fact]
    public void A_package_has_its_own_mean_and_std() =>
        Assert.Equal(ExitCode.Usage, Run("run", _package, Picture("p.ppm", 1, 2, 3), "--engine", "fused", "--mean", "0,0,0").Code);

    [Fact]
    public void A_bare_model_says_what_it_assumes_and_takes_mean_and_std()
    {
        string picture = Picture("red.ppm", 255, 0, 0);
        var (code, output, error) = Run("run", _package + "/model.onnx", picture, "--engine", "fused", "--json", "--mean", "0.5,0.5,0.5", "--std",
            "0.5,0.5,0.5", "--output-npy", _folder);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("(value/255 - 0.5,0.5,0.5) / 0.5,0.5,0.5", error, StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(output).RootElement.GetProperty("top")[0].TryGetProperty("label", out _));
        Assert.Equal([1f, -1, -1], Npy.Read(_folder + "/red.y.npy").ToFloats());
        Assert.Equal(ExitCode.Usage, Run("run", _package + "/model.onnx", picture, "--engine", "fused", "--mean", "1,2").Code);
        Assert.Equal(ExitCode.Usage, Run("run", _package + "/model.onnx", picture, "--engine", "fused", "--std", "1,0,1").Code);
    }

    [Fact]
    public void Verify_passes_on_the_package_as_written()
    {
        var (code, output, error) = Run("verify", _package, "--engine", "fused", "--json");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((1, 1, "fused"),
            (report.GetProperty("vectors").GetInt32(), report.GetProperty("passed").GetInt32(), report.GetProperty("engine").GetString()));
        Assert.Equal(0, report.GetProperty("max_abs_difference").GetDouble(), 6);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("labels.txt")]
    [InlineData("golden/000.input0.npy")]
    public void Verify_refuses_a_changed_file_and_names_it(string file)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_package, file));
        bytes[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(_package, file), bytes);
        var (code, output, error) = Run("verify", _package, "--engine", "fused");
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Contains(file, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_refuses_golden_vectors_that_the_engine_does_not_reproduce()
    {
        string other = Path.Combine(_folder, "other.zip");
        PackageWriter.Write(other, Content(expected: 0.25f));
        var (code, output, error) = Run("verify", other, "--engine", "fused", "--json");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal(0, JsonDocument.Parse(output).RootElement.GetProperty("passed").GetInt32());
        Assert.Contains("0.25", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_of_a_bare_model_is_bad_input() => Assert.Equal(ExitCode.BadInput, Run("verify", _package + "/model.onnx").Code);

    [Fact]
    public void Inspect_tells_the_contract_s_fields()
    {
        var (code, output, _) = Run("inspect", _package, "--json");
        Assert.Equal(ExitCode.Done, code);
        var report = JsonDocument.Parse(output).RootElement;
        foreach (string field in new[] { "macs", "parameters", "residual_adds", "fused_residual_adds" })
            Assert.Equal(0, report.GetProperty(field).GetInt64());
        Assert.Equal(("colours", "fp32", 3),
            (report.GetProperty("name").GetString(), report.GetProperty("precision").GetString(), report.GetProperty("labels").GetInt32()));
        Assert.Equal(ExitCode.Done, Run("inspect", _package).Code);
    }

    [Fact]
    public void A_card_holds_the_board_two_numbers_of_threads_and_the_golden_check_and_names_nobody()
    {
        string file = Path.Combine(_folder, "card.json");
        var (code, _, error) = Run("bench", _package, "--engine", "fused", "--seconds", "0", "--threads", "2", "--card", file);
        Assert.Equal((ExitCode.Done, ""), (code, error));
        string text = File.ReadAllText(file);
        var card = JsonDocument.Parse(text).RootElement;
        Assert.Equal(1, card.GetProperty("schema_version").GetInt32());
        Assert.Equal([2, 1], card.GetProperty("rounds").EnumerateArray().Select(r => r.GetProperty("engines")[0].GetProperty("threads").GetInt32()));
        Assert.Equal("colours", card.GetProperty("rounds")[0].GetProperty("model").GetString());
        Assert.Equal(Environment.ProcessorCount, card.GetProperty("board").GetProperty("cores").GetArrayLength());
        Assert.True(card.GetProperty("layers").GetArrayLength() > 0);
        var golden = card.GetProperty("golden");
        Assert.Equal(golden.GetProperty("vectors").GetInt32(), golden.GetProperty("passed").GetInt32());
        foreach (string secret in new[] { _folder, Environment.MachineName, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/" })
            Assert.DoesNotContain($"\"{secret}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_needs_the_engine_whose_layers_it_holds() =>
        Assert.Contains("--card needs --engine fused",
            Run("bench", _package, "--engine", "onnxruntime", "--card", _folder + "/card.json").Error, StringComparison.Ordinal);

    [Fact]
    public void Bench_measures_a_package()
    {
        var (code, output, _) = Run("bench", _package, "--engine", "fused", "--seconds", "0");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("fused", output, StringComparison.Ordinal);
    }

    private static PackageContent Content(float expected)
    {
        var shape = new Shape(1, 3, 2, 2);
        var graph = new Graph { Name = "colours" };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, shape));
        graph.Add(new Node("GlobalAveragePool", "pool", ["x"], ["pooled"]));
        graph.Add(new Node("Flatten", "flatten", ["pooled"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 3)));
        var spec = new PreprocessSpec { Height = 2, Width = 2, Mean = [0, 0, 0], Std = [1, 1, 1] };
        var manifest = new Manifest
        {
            Name = "colours",
            ExporterVersion = "0.1.0",
            Precision = "fp32",
            Inputs = [new ManifestInput("x", "float32", [1, 3, 2, 2], "NCHW")],
            Preprocess = ManifestPreprocess.From(spec),
            Golden = new ManifestGolden(1, 1e-4),
        };
        var golden = new Golden([Tensor.From(shape, new float[12].AsSpan())], [Tensor.From(new Shape(1, 3), [expected, expected, expected])]);
        return new PackageContent(manifest, graph, ["red", "green", "blue"], [golden]);
    }

    private static (ExitCode Code, string Output, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A 2x2 picture of one colour, as binary PPM.</summary>
    private string Picture(string name, byte red, byte green, byte blue)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] pixel = [red, green, blue];
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("P6\n2 2\n255\n"), .. pixel, .. pixel, .. pixel, .. pixel]);
        return path;
    }
}
