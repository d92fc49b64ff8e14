using System.Formats.Tar;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Hiding;

/// <summary>A published ResNet-56 in int8 without two of its blocks, on real pictures that neither chose nor repaired.</summary>
public class CifarHideTests
{
    [SkippableFact]
    public void ResNet_56_without_two_blocks_stays_within_two_points()
    {
        string checkpoint = SharedData.Path("cifar-resnet/resnet56-4bfd9763.th");
        using TempFolder folder = new(), unpacked = new();
        TarFile.ExtractToDirectory(SharedData.Path("cifar10-jpg/test-1000.tar"), unpacked.Path, overwriteFiles: false);
        string pictures = Path.GetDirectoryName(Directory.GetDirectories(unpacked.Path, "cat", SearchOption.AllDirectories).Single())!;
        Pipeline.Run(new()
        {
            Checkpoint = checkpoint,
            Output = folder["whole"],
            Preset = Presets.Find("cifar10"),
            Calibration = pictures,
            CalibrationImages = 50,
            Sensitivity = SensitivityScope.None,
        }, _ => { });

        var report = HidePipeline.Run(new()
        {
            Package = folder["whole"],
            Output = folder["short"],
            Evaluate = pictures,
            ChoosingImages = 120,
            Blocks = ["layer2.5", "layer2.7"],
            MaxDropPoints = 2,
        }, _ => { });

        var last = report.Frontier[^1];
        Assert.Equal(2, report.Level);
        Assert.InRange(last.MacsSaved, 0.065, 0.08);
        Assert.True(last.Agreement > 0.9, $"{last.Agreement}");
    }
}
