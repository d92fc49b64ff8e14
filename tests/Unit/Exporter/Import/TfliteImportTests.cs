using ResNetEdge.Exporter.Import;
using ResNetEdge.Exporter.Import.TensorFlowLite;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

public class TfliteImportTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_network_gives_what_TensorFlow_defines(int seed)
    {
        var (file, input, expected) = RandomTflite.Make(seed);
        using var folder = new TempFolder();
        var source = SourceNetwork.Open(folder.Write("network.tflite", file), "auto", null);
        Assert.Equal("tflite", source.Format);
        Network.Near(expected, Network.Run(source.Graph, "fused", input));
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public void ONNX_Runtime_gives_the_same(int seed)
    {
        OnnxRuntimeHere.OrSkip();
        var (file, input, expected) = RandomTflite.Make(seed);
        using var folder = new TempFolder();
        Network.Near(expected, Network.Run(SourceNetwork.Open(folder.Write("network.tflite", file), "auto", null).Graph, "onnxruntime", input));
    }

    [Fact]
    public void A_file_is_known_by_its_content_not_by_its_name()
    {
        using var folder = new TempFolder();
        Assert.Equal("tflite", ModelFormats.Find(folder.Write("network.bin", RandomTflite.Make(1).File))!.Name);
    }

    [Fact]
    public void An_unknown_operator_is_refused_by_name_and_place()
    {
        var file = new TinyTflite();
        int x = file.Tensor([1, 4, 4, 3]), y = file.Tensor([1, 4, 4, 3]), z = file.Tensor([1, 4, 4, 3]);
        file.Operator(19, [x], y);
        file.Operator(13, [y], z);
        var refused = Refusal(file.File(x, z));
        Assert.Contains("operator 1 (LOCAL_RESPONSE_NORMALIZATION) is not supported", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_beyond_the_known_numbers_is_refused_by_number()
    {
        var file = new TinyTflite();
        int x = file.Tensor([1, 4]), y = file.Tensor([1, 4]);
        file.Operator(5000, [x], y);
        Assert.Contains("operator 0 (number 5000)", Refusal(file.File(x, y)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_nothing_makes_is_refused()
    {
        var file = new TinyTflite();
        int x = file.Tensor([1, 4]), y = file.Tensor([1, 4]), lost = file.Tensor([1, 4]);
        file.Operator(0, [x, lost], y);
        Assert.Contains("which nothing before it produces", Refusal(file.File(x, y)), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_refused()
    {
        var file = new TinyTflite();
        int x = file.Tensor([1, 2]), y = file.Tensor([1, 2]);
        file.Operator(9, [x, file.Floats([2, 2], [1, float.NaN, 3, 4]), -1], y);
        Assert.Contains("NaN at element 1", Refusal(file.File(x, y)), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_appended_as_a_zip_are_found()
    {
        var zip = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(zip, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        using (var writer = new StreamWriter(archive.CreateEntry("labels.txt").Open()))
            writer.Write("crane\ndog\ncrane\n");
        var file = new TinyTflite { Appendix = zip.ToArray() };
        int x = file.Tensor([1, 3]), y = file.Tensor([1, 3]);
        file.Operator(19, [x], y);
        using var folder = new TempFolder();
        var source = SourceNetwork.Open(folder.Write("network.tflite", file.File(x, y)), "auto", null);
        Assert.Equal(["crane", "dog", "crane"], source.Labels);
        Assert.Equal(["crane", "dog", "crane 2"], InputDescription.Labels(new ExportOptions { Checkpoint = "", Output = "" }, 3, source.Labels));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] whole = RandomTflite.Make(3).File;
        for (int length = 0; length < whole.Length; length++) Assert.IsType<EdgeException>(ReadOrFail(whole[..length]));
    }

    [Fact]
    public void Flipped_bits_are_read_or_refused_in_bounded_memory()
    {
        int refused = 0;
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            byte[] file = RandomTflite.Make(seed % 20).File;
            for (int flips = random.Next(1, 4); flips > 0; flips--) file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            long before = GC.GetAllocatedBytesForCurrentThread();
            var e = ReadOrFail(file);
            Assert.True(e is null or EdgeException { Kind: FailureKind.BadInput }, $"seed {seed}: {e}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
            if (e is not null) refused++;
        }

        Assert.InRange(refused, 100, 2900);
    }

    private static Exception? ReadOrFail(byte[] file) => Record.Exception(() => TfliteConverter.Convert(TfliteReader.Read("test.tflite", file)));

    private static string Refusal(byte[] file)
    {
        var e = Assert.IsType<EdgeException>(ReadOrFail(file));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.StartsWith("test.tflite: ", e.Message, StringComparison.Ordinal);
        return e.Message;
    }
}
