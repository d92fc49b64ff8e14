using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Exporter.Packaging;

public class InputDescriptionTests
{
    private static readonly TensorInfo Color32 = new("input", ElementType.Float32, new Shape(1, 3, 32, 32));
    private static readonly TensorInfo Gray28 = new("input", ElementType.Float32, new Shape(1, 1, 28, 28));

    [Fact]
    public void Presets_are_whole() => Assert.All(Presets.All, preset =>
    {
        Assert.Equal((preset.Channels, preset.Channels), (preset.Mean.Length, preset.Std.Length));
        Assert.Equal(preset.Labels.Length, preset.Labels.Distinct().Count());
        Assert.Equal(preset.Resize == ResizeMode.ShortestSide, preset.ResizeSize >= preset.Size);
    });

    [Fact]
    public void A_preset_fills_everything_in()
    {
        var spec = InputDescription.Preprocessing(Options("cifar10"), Color32)!;
        Assert.Equal((32, 32, ResizeMode.Exact, ColorOrder.Rgb), (spec.Height, spec.Width, spec.Resize, spec.Color));
        Assert.Equal([0.485f, 0.456f, 0.406f], spec.Mean);
        Assert.Equal("airplane", InputDescription.Labels(Options("cifar10"), 10)[0]);
    }

    [Fact]
    public void One_channel_is_gray() => Assert.Equal(ColorOrder.Gray, InputDescription.Preprocessing(Options("fashion-mnist"), Gray28)!.Color);

    [Fact]
    public void Options_override_the_preset()
    {
        var spec = InputDescription.Preprocessing(Options("cifar10") with { Mean = [0, 0, 0.5f], Std = [1, 2, 3] }, Color32)!;
        Assert.Equal([0, 0, 0.5f], spec.Mean);
        Assert.Equal([1f, 2, 3], spec.Std);
    }

    [Fact]
    public void The_crop_keeps_its_share_at_another_input_size()
    {
        var spec = InputDescription.Preprocessing(Options("imagenet"), new("input", ElementType.Float32, new Shape(1, 3, 288, 288)))!;
        Assert.Equal((ResizeMode.ShortestSide, 329), (spec.Resize, spec.ResizeSize));
    }

    [Fact]
    public void An_input_that_is_no_picture_has_no_preprocessing() =>
        Assert.Null(InputDescription.Preprocessing(Options(null), new("x", ElementType.Float32, new Shape(1, 16))));

    [Fact]
    public void What_does_not_fit_the_network_is_a_usage_error()
    {
        Refused(() => InputDescription.Preprocessing(Options("fashion-mnist"), Color32), "1-channel");
        Refused(() => InputDescription.Preprocessing(Options("cifar10") with { Mean = [0] }, Color32), "3 numbers each");
        Refused(() => InputDescription.Preprocessing(Options("cifar10") with { Std = [1, 0, 1] }, Color32), "positive");
        Refused(() => InputDescription.Preprocessing(Options(null) with { Input = (3, 64, 64) }, Color32), "3x64x64");
        Refused(() => InputDescription.Labels(Options("cifar10"), 100), "100 outputs");
        Refused(() => Presets.Find("cifar11"), "cifar10");
    }

    [Theory]
    [InlineData("cat\n\ndog\n", "line 2")]
    [InlineData("\n\n", "no label")]
    public void A_damaged_label_file_is_refused(string text, string says)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            var error = Assert.Throws<EdgeException>(() => InputDescription.Labels(Options(null) with { Labels = path }, 3));
            Assert.Equal(FailureKind.BadInput, error.Kind);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_label_file_is_bad_input() => Assert.Equal(
        FailureKind.BadInput,
        Assert.Throws<EdgeException>(() => InputDescription.Labels(Options(null) with { Labels = "/nowhere/labels.txt" }, 3)).Kind);

    private static void Refused(Action action, string says)
    {
        var error = Assert.Throws<EdgeException>(action);
        Assert.Equal(FailureKind.Usage, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static ExportOptions Options(string? preset) =>
        new() { Checkpoint = "x.pth", Output = "p", Preset = preset is null ? null : Presets.Find(preset) };
}
