using System.Text.Json;
using ResNetEdge.CommandLine;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Exporter.HalfPrecision;

/// <summary>Packages of float16, on the demo's network and pictures.</summary>
public class HalfPackageTests
{
    private static readonly string Demo = Path.Combine(House.Root, "exporter", "Demo");

    [Fact]
    public void An_fp16_package_is_half_the_size_and_as_accurate()
    {
        using var folder = new TempFolder();
        var log = new List<string>();
        var report = Pipeline.Run(Options(folder["half"]) with { Evaluate = Path.Combine(Demo, "pictures") }, log.Add);
        Pipeline.Run(Options(folder["single"]) with { Precision = Precisions.Fp32 }, _ => { });
        Assert.Equal((Precisions.Fp16, 16), (report.Precision, report.CalibrationImages));
        Assert.InRange(report.DropPoints!.Value, -0.5, 0.5);
        Assert.Empty(report.KeptFp32!);
        Assert.DoesNotContain(log, static line => line.Contains("stay in fp32", StringComparison.Ordinal));
        Assert.InRange(new FileInfo(folder["half/model.onnx"]).Length, 1, 0.52 * new FileInfo(folder["single/model.onnx"]).Length);

        using var package = Package.Open(folder["half"]);
        package.VerifyFiles();
        Assert.Equal(Precisions.Fp16, package.Manifest!.Precision);
        Assert.Equal((200, report.Evaluation!.Right), (package.Manifest.Accuracy!.Images, package.Manifest.Accuracy.Right));
        var graph = package.Model.Graph;
        Assert.All(graph.Inputs.Concat(graph.Outputs), static value => Assert.Equal(ElementType.Float32, value.Type));
        Assert.All(graph.Initializers.Values.Where(static w => w.Type.IsFloat()), static w => Assert.Equal(ElementType.Float16, w.Type));
    }

    [Fact]
    public void The_runtime_says_once_that_it_computes_in_fp32_and_inspect_names_the_precision()
    {
        using var folder = new TempFolder();
        Pipeline.Run(Options(folder["half"]), _ => { });
        string picture = Directory.GetFiles(Path.Combine(Demo, "pictures", "Bag"))[0];
        foreach (string[] words in new string[][]
        {
            ["run", folder["half"], picture, "--isa", "scalar"], ["inspect", folder["half"]],
            ["bench", folder["half"], "--engine", "fused", "--seconds", "0", "--isa", "scalar"],
        })
        {
            var (code, output, error) = Run(words);
            Assert.True(code == ExitCode.Done, error);
            Assert.Equal(2, error.Split("fp16 network, computed in fp32: this core has no half arithmetic").Length);
            if (words[0] == "inspect") Assert.Contains(", fp16, opset 17", output, StringComparison.Ordinal);
        }

        Assert.Equal("fp16", JsonDocument.Parse(Run("inspect", folder["half"], "--json").Output).RootElement.GetProperty("precision").GetString());
        Assert.Equal(ExitCode.Done, Run("verify", folder["half"]).Code);
    }

    [Fact]
    public void The_same_export_gives_the_same_bytes()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "a.zip", "b.zip" }) Pipeline.Run(Options(folder[name]), _ => { });
        Assert.Equal(File.ReadAllBytes(folder["a.zip"]), File.ReadAllBytes(folder["b.zip"]));
    }

    [Fact]
    public void No_data_is_needed_and_a_loss_is_refused_by_the_gate()
    {
        using var folder = new TempFolder();
        var options = Options(folder["half"]) with { Calibration = null };
        Assert.Null(Pipeline.Run(options, _ => { }).CalibrationImages);
        // No network gains 100 points.
        var refused = Assert.Throws<EdgeException>(
            () => Pipeline.Run(options with { Output = folder["other"], Evaluate = Path.Combine(Demo, "pictures"), MaxDropPoints = -100 }, _ => { }));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.StartsWith("fp16 is right on ", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["other"]));
    }

    [SkippableFact]
    public void Onnx_checker_accepts_the_file_and_ONNX_Runtime_verifies_it()
    {
        using var folder = new TempFolder();
        Pipeline.Run(Options(folder["package"]), _ => { });
        OnnxRuntimeHere.OrSkip();
        var (code, _, error) = Run("verify", folder["package"], "--engine", "onnxruntime");
        Assert.True(code == ExitCode.Done, error);
        Debian.Python(folder.Path, "import onnx; onnx.checker.check_model(onnx.load('package/model.onnx'), full_check=True)");
    }

    [Fact]
    public void Hidden_blocks_and_ladders_stay_float16()
    {
        using var folder = new TempFolder();
        Pipeline.Run(Options(folder["whole"]), _ => { });
        HidePipeline.Run(Hide(folder) with { IsLadder = true }, _ => { });
        using (var package = Package.Open(folder["short"]))
        {
            var ladder = package.ReadLadder()!;
            Assert.All(ladder.Inputs.Concat(ladder.Outputs), static value => Assert.Equal(ElementType.Float16, value.Type));
            Assert.All(ladder.Initializers.Values.Where(static w => w.Type.IsFloat()), static w => Assert.Equal(ElementType.Float16, w.Type));
        }

        var (code, output, error) = Run("verify", folder["short"], "--json");
        Assert.True(code == ExitCode.Done, error + output);
        Assert.Equal(ExitCode.Done, Run("verify", folder["short"], "--level", "1").Code);
    }

    [SkippableFact]
    public void ONNX_Runtime_verifies_every_level()
    {
        OnnxRuntimeHere.OrSkip();
        using var folder = new TempFolder();
        Pipeline.Run(Options(folder["whole"]), _ => { });
        HidePipeline.Run(Hide(folder) with { IsLadder = true }, _ => { });
        var (code, _, error) = Run("verify", folder["short"], "--engine", "onnxruntime");
        Assert.True(code == ExitCode.Done, error);
    }

    [Theory]
    [InlineData(Precisions.Fp32, 2)]
    [InlineData(Precisions.Fp16, 1)]
    public void A_float16_model_can_be_exported_in_either_precision(string precision, int size)
    {
        using var folder = new TempFolder();
        string model = folder.Write("m.onnx", OnnxRoundTripTests.Write(HalfModel([0.5f, -1, 2, 0.25f])));
        var log = new List<string>();
        Pipeline.Run(new() { Checkpoint = model, Output = folder["p"], Precision = precision }, log.Add);
        Assert.Contains("the model is of float16; its numbers are exported from float32, which holds them exactly", log);
        using var package = Package.Open(folder["p"]);
        Assert.Equal(precision, package.Manifest!.Precision);
        Assert.Equal(8 * size, package.Model.Graph.Initializers.Values.Single(static w => w.Shape.Rank == 4).Bytes.Length);
        Assert.Equal(ExitCode.Done, Run("verify", folder["p"]).Code);
        var inspected = new StringWriter();
        Assert.Equal(ExitCode.Done, ResNetEdge.Exporter.Program.Shell.Run(["inspect", model], new Terminal(inspected, TextWriter.Null)));
        Assert.Contains(", fp16", inspected.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_float16_weight_that_is_not_finite_is_refused_by_name(float weight)
    {
        using var folder = new TempFolder();
        string model = folder.Write("m.onnx", OnnxRoundTripTests.Write(HalfModel([0.5f, weight, 2, 0.25f])));
        using (var file = File.Create(folder["x.npy"])) Npy.Write(file, Tensor.From<float>(new Shape(1, 2, 3, 3), new float[18]));
        var (code, _, error) = Run("run", model, folder["x.npy"], "--engine", "fused");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains($"a weight of output channel 0 is {weight}; weights must be finite", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(0)]
    public void A_float16_constant_with_missing_or_further_bytes_is_refused(int bytes)
    {
        byte[] file = OnnxRoundTripTests.Write(HalfModel([0.5f, -1, 2, 0.25f]));
        var model = ResNetEdge.Onnx.Proto.ModelProto.Parser.ParseFrom(file);
        model.Graph.Initializer[0].RawData = Google.Protobuf.ByteString.CopyFrom(new byte[bytes]);
        Assert.Contains("'w'", Assert.Throws<EdgeException>(
            () => OnnxReader.Read(Google.Protobuf.MessageExtensions.ToByteArray(model), "m.onnx")).Message, StringComparison.Ordinal);
    }

    private static Graph HalfModel(float[] weights)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float16, new Shape(1, 2, 3, 3)));
        graph.Add("w", Tensor.From<Half>(new Shape(2, 2, 1, 1), [.. weights.Select(static w => (Half)w)]));
        graph.Add(new Node("Conv", "conv", ["x", "w"], ["c"]));
        graph.Add(new Node("Relu", "relu", ["c"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float16, new Shape(1, 2, 3, 3)));
        return graph;
    }

    private static ExportOptions Options(string output) => new()
    {
        Checkpoint = Path.Combine(Demo, "fashion-resnet14.safetensors"),
        Output = output,
        Preset = Presets.Find("fashion-mnist"),
        Precision = Precisions.Fp16,
        Calibration = Path.Combine(Demo, "calibration"),
        CalibrationImages = 16,
        Sensitivity = SensitivityScope.None,
    };

    private static HideOptions Hide(TempFolder folder) => new()
    {
        Package = folder["whole"],
        Output = folder["short"],
        Evaluate = Path.Combine(Demo, "pictures"),
        MaxDropPoints = 100,
        Blocks = ["layer1.1"],
    };

    private static (ExitCode Code, string Output, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error)), output.ToString(), error.ToString());
    }
}
