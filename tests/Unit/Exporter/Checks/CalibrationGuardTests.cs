using ResNetEdge.CommandLine;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Calibration;
using ResNetEdge.Exporter.Checks;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Checks;

/// <summary>
/// Right and wrong calibrations of the demo's network: the right ones pass in silence, the wrong
/// ones are refused with figures and a cause, nothing is written.
/// </summary>
public class CalibrationGuardTests
{
    private static readonly string Demo = Path.Combine(House.Root, "exporter", "Demo");

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(256)]
    public void Right_pictures_pass_in_silence(int images)
    {
        var log = new List<string>();
        double? divergence = CalibrationGuard.Check(Source, Options("p") with { CalibrationImages = images }, Spec(Options("p")), log.Add);
        Assert.Empty(log);
        Assert.InRange(divergence!.Value, 0, 0.05);
    }

    public static TheoryData<string, float[], float[], string> WrongNormalizations => new()
    {
        { "none", [0], [1], "smaller or flatter" },
        { "mean alone", [0.286f], [1], "smaller or flatter" },
        { "values 0 to 255", [0], [1 / 255f], "much larger" },
        { "twice", [0.286f], [0.353f * 0.1f], "much larger" },
    };

    [Theory]
    [MemberData(nameof(WrongNormalizations))]
    public void A_wrong_mean_or_std_is_refused_with_the_right_one(string name, float[] mean, float[] std, string cause)
    {
        using var folder = new TempFolder();
        var refused = Assert.Throws<EdgeException>(() => Pipeline.Run(Options(folder["p"]) with { Mean = mean, Std = std }, _ => { }));
        Assert.True(refused.Kind == FailureKind.Refused, name);
        Assert.Contains(cause, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--mean 0.286 --std 0.353", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("black", "single colour")]
    [InlineData("noise", "are shifted")]
    [InlineData("inverted", "are shifted")]
    public void Pictures_of_another_world_are_refused(string kind, string says)
    {
        using var folder = new TempFolder();
        Paint(folder, kind, 40);
        var refused = Assert.Throws<EdgeException>(() => Pipeline.Run(Options(folder["p"]) with { Calibration = folder["pictures"] }, _ => { }));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(ExportOptions.AcceptCalibration, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["p"]));
    }

    [Fact]
    public void A_few_pictures_may_differ_more_by_chance()
    {
        var layer = new LayerFit("conv1", 0.7, 0.4, 0.6);
        CalibrationTrust Trust(int pictures) =>
            CalibrationVerdict.Of(new(pictures, 1, false, 2, [layer, layer with { Divergence = 0.1 }, layer with { Divergence = 0.1 }]), 10).Trust;
        Assert.Equal(CalibrationTrust.Doubtful, Trust(1));
        Assert.Equal(CalibrationTrust.Broken, Trust(8));
        Assert.Equal(CalibrationTrust.Broken, Trust(32));
    }

    [Fact]
    public void A_user_who_insists_gets_the_package_and_a_warning()
    {
        using var folder = new TempFolder();
        var log = new List<string>();
        Pipeline.Run(Options(folder["p"]) with { Mean = [0], Std = [1], AcceptsCalibration = true }, log.Add);
        Assert.Contains(log, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("divergence", StringComparison.Ordinal));
        using var package = Package.Open(folder["p"]);
        package.VerifyFiles();
    }

    [Fact]
    public void The_same_picture_again_and_again_is_a_warning()
    {
        using var folder = new TempFolder();
        byte[] picture = File.ReadAllBytes(Directory.GetFiles(Path.Combine(Demo, "calibration", "Bag"))[0]);
        for (int i = 0; i < 5; i++) folder.Write($"pictures/{i}.png", picture);
        var log = new List<string>();
        CalibrationGuard.Check(
            Source, Options("p") with { Calibration = folder["pictures"], AcceptsCalibration = true }, Spec(Options("p")), log.Add);
        Assert.StartsWith("warning: ", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_BatchNorm_it_says_that_nothing_can_be_known_and_black_is_still_refused()
    {
        using var folder = new TempFolder();
        var bare = Source with { Training = TrainingRecord.None };
        var log = new List<string>();
        Assert.Null(CalibrationGuard.Check(bare, Options("p"), Spec(Options("p")), log.Add));
        Assert.Contains("cannot tell", Assert.Single(log), StringComparison.Ordinal);
        Paint(folder, "black", 4);
        Assert.Throws<EdgeException>(
            () => CalibrationGuard.Check(bare, Options("p") with { Calibration = folder["pictures"] }, Spec(Options("p")), log.Add));
    }

    internal static SourceNetwork Source { get; } = SourceNetwork.Open(Path.Combine(Demo, "fashion-resnet14.safetensors"), "auto", (28, 28));

    internal static ExportOptions Options(string output) => new()
    {
        Checkpoint = Path.Combine(Demo, "fashion-resnet14.safetensors"),
        Output = output,
        Preset = Presets.Find("fashion-mnist"),
        Calibration = Path.Combine(Demo, "calibration"),
        CalibrationImages = 40,
    };

    private static ResNetEdge.Preprocess.PreprocessSpec Spec(ExportOptions options) =>
        InputDescription.Preprocessing(options, Source.Graph.Inputs[0])!;

    private static void Paint(TempFolder folder, string kind, int count)
    {
        var random = new Random(1);
        using var pictures = ResNetEdge.Exporter.Evaluation.Pictures.Open(
            Path.Combine(Demo, "calibration"), Spec(Options("p") with { Mean = [0], Std = [1 / 255f] }), count);
        for (int i = 0; i < count; i++)
        {
            byte[] pixels = kind switch
            {
                "black" => new byte[28 * 28],
                "noise" => [.. Enumerable.Range(0, 28 * 28).Select(_ => (byte)random.Next(256))],
                _ => [.. pictures.Read(i).Select(v => (byte)(255 - v))],
            };
            folder.Write($"pictures/{i}.pgm", [.. "P5\n28 28\n255\n"u8, .. pixels]);
        }
    }
}
