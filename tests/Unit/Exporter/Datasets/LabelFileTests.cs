using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Datasets;

public class LabelFileTests
{
    [Theory]
    [InlineData("crane,dog,crane", "crane,dog,crane 2")]
    [InlineData("crane,crane,crane", "crane,crane 2,crane 3")]
    [InlineData("crane,crane 2,crane", "crane,crane 2,crane 3")]
    [InlineData("crane,crane,crane 2", "crane,crane 3,crane 2")]
    [InlineData("a,b", "a,b")]
    public void A_name_that_stands_there_again_is_numbered(string names, string numbered) =>
        Assert.Equal(numbered.Split(','), LabelFile.Numbered(names.Split(',')));

    [Fact]
    public void Names_numbered_are_said_and_the_package_gets_them()
    {
        using var folder = new TempFolder();
        var log = new List<string>();
        var options =
            new ExportOptions { Checkpoint = "x.pth", Output = "p", Labels = folder.Write("labels.txt", "crane\ndog\ncrane\n"u8.ToArray()) };
        Assert.Equal(["crane", "dog", "crane 2"], InputDescription.Labels(options, 3, null, log.Add));
        Assert.Contains("line 3 is 'crane 2'", Assert.Single(log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat\r\ndog\r\n")]
    [InlineData("\uFEFFcat\ndog")]
    [InlineData("cat\rdog\r\r")]
    public void Line_ends_of_any_kind_and_a_byte_order_mark_are_read(string text)
    {
        using var folder = new TempFolder();
        Assert.Equal(["cat", "dog"], LabelFile.Read(folder.Write("labels.txt", System.Text.Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Labels_of_another_encoding_are_refused_with_the_line()
    {
        using var folder = new TempFolder();
        var latin1 = Assert.Throws<EdgeException>(() => LabelFile.Read(folder.Write("labels.txt", [.. "cat\nH"u8, 0xFC, .. "ndin\n"u8])));
        Assert.Contains("labels.txt: line 2 contains the byte 0xFC, which is not UTF-8", latin1.Message, StringComparison.Ordinal);
        var utf16 = Assert.Throws<EdgeException>(() => LabelFile.Read(folder.Write("labels.txt", [0xFF, 0xFE, (byte)'c', 0, (byte)'\n', 0])));
        Assert.Contains("UTF-16", utf16.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_imagenet_preset_has_the_real_names_each_once()
    {
        string[] names = Presets.Find("imagenet").Labels;
        Assert.Equal((1000, 1000), (names.Length, names.Distinct().Count()));
        Assert.Equal(["tench", "goldfish", "great white shark"], names[..3]);
        Assert.Equal(("crane", "crane 2", "maillot", "maillot 2", "toilet tissue"), (names[134], names[517], names[638], names[639], names[999]));
        Assert.Equal(ImagenetClasses.Ids.Order(StringComparer.Ordinal), ImagenetClasses.Ids);
    }

    [Fact]
    public void Imagenets_own_folders_are_classes_too()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "n01443537", "crane 2", "tench" }) folder.Write($"{name}/1.ppm", "P6\n1 1\n255\nabc"u8.ToArray());
        using var pictures = Pictures.Open(folder.Path, new PreprocessSpec
        {
            Height = 1,
            Width = 1,
            Color = ColorOrder.Rgb,
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
            Resize = ResizeMode.Exact,
            ResizeSize = 0,
        });
        Assert.Equal([0, 1, 517], pictures.Classes(folder.Path, ImagenetClasses.Names).Order());
    }
}
