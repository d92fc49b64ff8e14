using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Hiding;

/// <summary>The demo network shortened, in fp32 and int8: what is written is what was judged, and it verifies.</summary>
public class HidePipelineTests
{
    private static readonly string Demo = Path.Combine(House.Root, "exporter", "Demo");

    [Theory]
    [InlineData("fp32", false)]
    [InlineData("int8", false)]
    [InlineData("fp32", true)]
    [InlineData("int8", true)]
    public void The_demo_network_loses_blocks_and_the_package_verifies(string precision, bool isLadder)
    {
        using var folder = new TempFolder();
        string source = Export(folder, precision);
        var report = HidePipeline.Run(Options(source, folder["short"]) with { IsLadder = isLadder }, _ => { });

        Assert.Equal((100, 100), (report.ChoosingImages, report.Images));
        var taken = report.Frontier[report.Level];
        Assert.True(taken.IsWithinGate && taken.MacsSaved > 0.05, $"{taken.MacsSaved}");
        Assert.Equal(0, report.Frontier[0].DropPoints);
        Assert.All(report.Frontier.Skip(1), f => Assert.Equal(f.HiddenBlocks[^1], f.Block));

        using var package = Package.Open(folder["short"]);
        package.VerifyFiles();
        Assert.Equal(isLadder ? report.Frontier.Count(f => f.Level > 0 && f.IsWithinGate) : 0, package.Levels);
        Assert.Contains(HiddenPackage.Frontier, package.Manifest!.Files.Select(f => f.Path));
        int last = package.Levels;
        Assert.Equal(taken.Macs, GraphFacts.Of(package.ModelAt(last).Graph).Macs);
        for (int level = 0; level <= last; level++)
        {
            using var engine = EngineTable.Load("fused", package.ModelAt(level), new EngineOptions()).Engine;
            double allowed = level == 0 ? package.Manifest.Golden!.MaxAbsDifference : package.Manifest.Ladder!.Rungs[level - 1].MaxAbsDifference;
            Assert.All(package.ReadGolden(level), g => Assert.InRange(GoldenCheck.Distance(engine, g, "p").MaxAbs, 0, allowed));
        }

        if (isLadder) Assert.Equal(taken.Right, package.Manifest.Ladder!.Rungs[^1].Accuracy.Right);
        else Assert.Equal((taken.Right, 100), (package.Manifest.Accuracy!.Right, package.Manifest.Accuracy.Images));
        Assert.Equal(taken.Right, RightOnJudging(package, last));
    }

    [Fact]
    public void Blocks_that_were_not_hidden_keep_their_numbers_without_a_refit()
    {
        using var folder = new TempFolder();
        string source = Export(folder, "int8");
        HidePipeline.Run(
            Options(source, folder["short"]) with { Blocks = ["layer1.1"], MaxDropPoints = 100, Choices = new() { RefitRidge = 0 } }, _ => { });
        using Package before = Package.Open(source), after = Package.Open(folder["short"]);
        var (old, now) = (before.Model.Graph, after.Model.Graph);
        Assert.DoesNotContain(now.Nodes, n => n.Name.StartsWith("layer1.1.conv", StringComparison.Ordinal));
        foreach (var node in now.Nodes.Where(n => !n.Name.Contains(".hidden", StringComparison.Ordinal)))
        {
            var same = old.Nodes.Single(n => n.Name == node.Name);
            Assert.Equal(same.Inputs.Count, node.Inputs.Count);
            foreach (string constant in node.Inputs.Where(now.Initializers.ContainsKey))
                Assert.True(old.Initializers[constant].Bytes.Span.SequenceEqual(now.Initializers[constant].Bytes.Span), constant);
        }
    }

    [Fact]
    public void A_stage_change_is_hidden_by_one_strided_convolution()
    {
        using var folder = new TempFolder();
        string source = Export(folder, "int8");
        var report = HidePipeline.Run(Options(source, folder["short"]) with { Blocks = ["layer2.0"], MaxDropPoints = 100 }, _ => { });
        Assert.Equal(["layer2.0"], report.Frontier[1].HiddenBlocks);
        using var package = Package.Open(folder["short"]);
        Assert.Equal([2L, 2], package.Model.Graph.Nodes.Single(n => n.Name == "layer2.0.hidden").Attributes.Ints("strides")!);
    }

    [Fact]
    public void Nothing_is_written_when_every_level_loses_too_much()
    {
        using var folder = new TempFolder();
        string source = Export(folder, "fp32");
        // No network gains 100 points.
        var refused = Assert.Throws<EdgeException>(
            () => HidePipeline.Run(Options(source, folder["short"]) with { MaxDropPoints = -100, MostBlocks = 1 }, _ => { }));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains("nothing was written", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["short"]));
    }

    [Fact]
    public void A_block_that_is_none_is_refused_by_name()
    {
        using var folder = new TempFolder();
        string source = Export(folder, "fp32");
        var refused = Assert.Throws<EdgeException>(() => HidePipeline.Run(Options(source, folder["short"]) with { Blocks = ["layer9.9"] }, _ => { }));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains("unknown residual block 'layer9.9'; known blocks: layer1.0, layer1.1", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ONNX_Runtime_verifies_every_level()
    {
        OnnxRuntimeHere.OrSkip();
        using var folder = new TempFolder();
        HidePipeline.Run(Options(Export(folder, "int8"), folder["short"]) with { IsLadder = true, MostBlocks = 1 }, _ => { });
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.True(
            ResNetEdge.Cli.Program.Shell.Run(["verify", folder["short"], "--engine", "onnxruntime"], new Terminal(output, error)) == ExitCode.Done,
            error.ToString());
    }

    private static string Export(TempFolder folder, string precision)
    {
        Pipeline.Run(new()
        {
            Checkpoint = Path.Combine(Demo, "fashion-resnet14.safetensors"),
            Output = folder["whole"],
            Preset = Presets.Find("fashion-mnist"),
            Precision = precision,
            Calibration = precision == "int8" ? Path.Combine(Demo, "calibration") : null,
            CalibrationImages = 50,
            Sensitivity = SensitivityScope.None,
        }, _ => { });
        return folder["whole"];
    }

    private static HideOptions Options(string source, string output) => new()
    {
        Package = source,
        Output = output,
        Evaluate = Path.Combine(Demo, "pictures"),
        MaxDropPoints = 4,
        MostBlocks = 2,
    };

    // Counted anew, with the pictures that the split leaves to judge.
    private static int RightOnJudging(Package package, int level)
    {
        using var pictures = Pictures.Open(Path.Combine(Demo, "pictures"), package.Manifest!.Preprocess!.ToSpec());
        int[] classes = pictures.Classes("pictures", package.Labels!);
        var judging = PictureSplit.Of(classes, "pictures").Judging;
        using var engine = EngineTable.Load("fused", package.ModelAt(level), new EngineOptions()).Engine;
        using var subset = pictures.Subset(judging);
        return Evaluator.Run(engine, null, subset, [.. judging.Select(i => classes[i])]).Right;
    }
}
