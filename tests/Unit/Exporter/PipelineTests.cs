using ResNetEdge.Engines;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter;

/// <summary>The whole export within one process, on the demo's network and pictures.</summary>
public class PipelineTests
{
    private static readonly string Demo = Path.Combine(House.Root, "exporter", "Demo");

    [Fact]
    public void An_int8_package_holds_all_that_running_it_needs()
    {
        using var folder = new TempFolder();
        var report = Pipeline.Run(Options(folder["package"]) with { Evaluate = Pictures }, _ => { });
        Assert.Equal(("ResNet-14", "int8", 200, "mse"), (report.Architecture, report.Precision, report.CalibrationImages, report.CalibratedBy));
        Assert.InRange(report.DropPoints!.Value, -1, 1);

        using var package = Package.Open(folder["package"]);
        package.VerifyFiles();
        var manifest = package.Manifest!;
        Assert.Equal("Trouser", package.Labels![1]);
        Assert.Equal((28, 28, 1), (manifest.Preprocess!.Crop.Height, manifest.Preprocess.Crop.Width, manifest.Preprocess.Mean.Count));
        Assert.Equal((200, report.Evaluation!.Right), (manifest.Accuracy!.Images, manifest.Accuracy.Right));
        Assert.True(Quantizer.IsQuantized(package.Model.Graph));

        using var engine = EngineTable.Load("fused", package.Model, new EngineOptions()).Engine;
        Assert.All(package.ReadGolden(),
            golden => Assert.InRange(GoldenCheck.Distance(engine, golden, "golden").MaxAbs, 0, manifest.Golden!.MaxAbsDifference));
        Assert.Equal(GoldenVectors.Count, package.ReadGolden().Count());
    }

    [Fact]
    public void The_same_export_gives_the_same_bytes()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "a.zip", "b.zip" }) Pipeline.Run(Options(folder[name]) with { CalibrationImages = 16 }, _ => { });
        Assert.Equal(File.ReadAllBytes(folder["a.zip"]), File.ReadAllBytes(folder["b.zip"]));
    }

    [Fact]
    public void A_package_that_loses_too_much_is_not_written_and_the_costly_layers_are_named()
    {
        using var folder = new TempFolder();
        // No network gains 100 points.
        var refused =
            Assert.Throws<EdgeException>(() => Pipeline.Run(Options(folder["package"]) with { Evaluate = Pictures, MaxDropPoints = -100 }, _ => { }));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains("SQNR", refused.Message, StringComparison.Ordinal);
        Assert.Contains("conv", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_that_is_no_label_is_refused_and_both_are_named()
    {
        using var folder = new TempFolder();
        folder.Write("test/Spaceship/1.png", File.ReadAllBytes(Directory.GetFiles(Path.Combine(Pictures, "Bag"))[0]));
        var refused = Assert.Throws<EdgeException>(() => Pipeline.Run(Options(folder["package"]) with { Evaluate = folder["test"] }, _ => { }));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains("Spaceship", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Ankle_boot", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_picture_stops_the_export_by_name()
    {
        using var folder = new TempFolder();
        string bad = folder.Write("pictures/zero.png", []);
        var refused =
            Assert.Throws<EdgeException>(() => Pipeline.Run(Options(folder["package"]) with { Calibration = folder["pictures"] }, _ => { }));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains(bad, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["package"]));
    }

    [Fact]
    public void Calibration_says_when_it_leaves_pictures_out()
    {
        using var folder = new TempFolder();
        var log = new List<string>();
        Pipeline.Run(Options(folder["package"]) with { CalibrationImages = 10 }, log.Add);
        Assert.Equal("calibrating on 10 of 200 pictures, evenly spread", log[^1]);
        Assert.Equal(2, log.Count);
        Assert.StartsWith("the checkpoint contains no graph; assumed: relu (--activation)", log[0], StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Onnx_checker_accepts_the_file_and_ONNX_Runtime_agrees_on_the_classes()
    {
        using var folder = new TempFolder();
        Pipeline.Run(Options(folder["package"]), _ => { });
        OnnxRuntimeHere.OrSkip();
        using var package = Package.Open(folder["package"]);
        using var fused = EngineTable.Load("fused", package.Model, new EngineOptions()).Engine;
        using var other = EngineTable.Load("onnxruntime", package.Model, new EngineOptions()).Engine;
        using var pictures = ResNetEdge.Exporter.Evaluation.Pictures.Open(Pictures, package.Manifest!.Preprocess!.ToSpec());
        int same = Enumerable.Range(0, pictures.Count).Count(i => Class(fused, pictures.Read(i)) == Class(other, pictures.Read(i)));
        Assert.True(same >= 0.995 * pictures.Count, $"{same} of {pictures.Count}");
        Debian.Python(folder.Path, "import onnx; onnx.checker.check_model(onnx.load('package/model.onnx'), full_check=True)");
    }

    private static string Pictures => Path.Combine(Demo, "pictures");

    private static ExportOptions Options(string output) => new()
    {
        Checkpoint = Path.Combine(Demo, "fashion-resnet14.safetensors"),
        Output = output,
        Preset = Presets.Find("fashion-mnist"),
        Calibration = Path.Combine(Demo, "calibration"),
    };

    private static int Class(IEngine engine, float[] picture)
    {
        Span<float> logits = stackalloc float[10];
        engine.SetInput<float>(0, picture);
        engine.Run();
        engine.GetOutput(0, logits);
        return TopK.Largest(logits);
    }
}
