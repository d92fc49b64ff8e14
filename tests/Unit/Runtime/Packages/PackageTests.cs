using System.IO.Compression;
using ResNetEdge.CommandLine;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

public class PackageTests
{
    [Theory]
    [InlineData("p")]
    [InlineData("p.zip")]
    public void What_is_written_is_opened_and_verifies(string name)
    {
        using var sample = new SamplePackage();
        using var package = Package.Open(sample.Write(name));
        package.VerifyFiles();
        Assert.Equal("sample", package.Name);
        Assert.Equal(["cat", "dog", "Süßes"], package.Labels!);
        RandomGraphs.AssertEqual(SamplePackage.Content().Model, package.Model.Graph);
        var golden = package.ReadGolden().ToArray();
        Assert.Equal(2, golden.Length);
        Assert.Equal(SamplePackage.Content().Golden[0].Outputs[0].ToFloats(), golden[0].Outputs[0].ToFloats());
    }

    [Fact]
    public void A_bare_onnx_file_is_opened_whatever_it_is_called()
    {
        using var sample = new SamplePackage();
        string path = Path.Combine(sample.Write("p"), "model.onnx"), copy = Path.Combine(sample.Folder, "weights.zip");
        File.Copy(path, copy);
        using var package = Package.Open(copy);
        package.VerifyFiles();
        Assert.Null(package.Manifest);
        Assert.Null(package.Labels);
        Assert.Empty(package.ReadGolden());
        Assert.Equal("sample", package.Model.Graph.Name);
    }

    [Fact]
    public void A_changed_file_is_refused_with_its_name()
    {
        using var sample = new SamplePackage();
        foreach (string name in (string[])["model.onnx", "labels.txt", "golden/001.output0.npy"])
        {
            string path = sample.Write("p"), file = Path.Combine(path, name);
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
            using var package = Package.Open(path);
            RefusedAs(FailureKind.Refused, $"'{name}'", package.VerifyFiles);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_changed_model_is_refused_when_it_is_loaded_too(int surplus)
    {
        using var sample = new SamplePackage();
        string path = sample.Write("p"), file = Path.Combine(path, "model.onnx");
        byte[] bytes = [.. File.ReadAllBytes(file), .. new byte[surplus]];
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        using var package = Package.Open(path);
        RefusedAs(FailureKind.Refused, "'model.onnx'", () => _ = package.Model.Graph);
    }

    [Fact]
    public void A_missing_and_an_additional_file_are_refused()
    {
        using var sample = new SamplePackage();
        string path = sample.Write("p");
        File.WriteAllText(Path.Combine(path, "golden/notes.txt"), "");
        using (var package = Package.Open(path)) RefusedAs(FailureKind.Refused, "'golden/notes.txt' is not listed", package.VerifyFiles);
        File.Delete(Path.Combine(path, "golden/notes.txt"));
        File.Delete(Path.Combine(path, "golden/000.input0.npy"));
        using (var package = Package.Open(path)) RefusedAs(FailureKind.Refused, "'golden/000.input0.npy'", package.VerifyFiles);
        File.Delete(Path.Combine(path, "model.onnx"));
        using (var package = Package.Open(path))
            RefusedAs(FailureKind.Refused, "'model.onnx', which the manifest lists, is missing", () => _ = package.Model.Graph);
    }

    [Fact]
    public void A_link_is_refused()
    {
        using var sample = new SamplePackage();
        string path = sample.Write("p");
        File.CreateSymbolicLink(Path.Combine(path, "golden/link.npy"), "/dev/zero");
        RefusedAs(FailureKind.BadInput, "'golden/link.npy' is a link", () => Package.Open(path));
    }

    [Fact]
    public void What_is_no_package_is_refused()
    {
        using var sample = new SamplePackage();
        RefusedAs(FailureKind.BadInput, "has no manifest.json", () => Package.Open(sample.Folder));
        RefusedAs(FailureKind.BadInput, "cannot be read", () => Package.Open(Path.Combine(sample.Folder, "nothing")));
        sample.Write("p");
        RefusedAs(FailureKind.BadInput, "is at 'p/manifest.json', not at the top level", () => Package.Open(sample.Folder));
    }

    [Fact]
    public void Hostile_zip_archives_are_refused()
    {
        using var sample = new SamplePackage();
        (string Expected, Action<ZipArchive> Change)[] cases =
        [
            ("leads outside the archive", zip => zip.CreateEntry("../evil")),
            ("leads outside the archive", zip => zip.CreateEntry("/etc/passwd")),
            ("leads outside the archive", zip => zip.CreateEntry("a\\..\\b")),
            ("'labels.txt' twice", zip => zip.CreateEntry("labels.txt")),
            ("64 times its size", zip => WriteZeros(zip.CreateEntry("bomb", CompressionLevel.SmallestSize), 64 << 20)),
        ];
        foreach (var (expected, change) in cases)
        {
            string path = sample.Write("p.zip");
            using (var zip = ZipFile.Open(path, ZipArchiveMode.Update)) change(zip);
            RefusedAs(FailureKind.BadInput, expected, () => Package.Open(path));
            File.Delete(path);
        }
    }

    [Fact]
    public void Damaged_zip_archives_open_or_are_refused()
    {
        using var sample = new SamplePackage();
        byte[] valid = File.ReadAllBytes(sample.Write("p.zip"));
        string path = Path.Combine(sample.Folder, "damaged.zip");
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = random.Next(3) == 0 ? valid[..random.Next(valid.Length)] : [.. valid];
            if (damaged.Length > 0) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            try
            {
                using var package = Package.Open(path);
                package.VerifyFiles();
                _ = package.Model.Graph;
                Assert.All(package.ReadGolden(), Assert.NotNull);
            }
            catch (EdgeException e)
            {
                Assert.True(e.Kind is FailureKind.BadInput or FailureKind.Refused, $"seed {seed}: {e}");
            }
        }
    }

    [Fact]
    public void External_data_are_refused_in_a_package_and_bounded_beside_a_bare_file()
    {
        using var sample = new SamplePackage();
        string data = Path.Combine(sample.Folder, "weights.bin"), model = Path.Combine(sample.Folder, "model.onnx");
        File.WriteAllBytes(data, [0, 0, 0, 0, 1, 2, 3, 4]);
        Assert.Equal([1, 2, 3, 4], Read("weights.bin", "4", "4"));
        Refuses("is at bytes 5 to 9", "weights.bin", "5", "4");
        Refuses("is not a number", "weights.bin", "-4", "4");
        Refuses("needs 4", "weights.bin", "0", "5");
        Refuses("outside the model's folder", "../weights.bin", "0", "4");
        Refuses("outside the model's folder", "/etc/passwd", "0", "4");
        Refuses("is missing", "other.bin", "0", "4");
        File.CreateSymbolicLink(Path.Combine(sample.Folder, "link.bin"), "/etc/passwd");
        Refuses("is a link", "link.bin", "0", "4");
        Write("weights.bin", "4", "4");
        RefusedAs(FailureKind.BadInput, "only for a model in its own folder", () => OnnxReader.Read(File.ReadAllBytes(model), "m"));

        byte[] Read(string location, string offset, string length)
        {
            Write(location, offset, length);
            return Package.Open(model).Model.Graph.Initializers["w"].Bytes.ToArray();
        }

        void Refuses(string expected, string location, string offset, string length) =>
            RefusedAs(FailureKind.BadInput, expected, () => Read(location, offset, length));

        void Write(string location, string offset, string length)
        {
            var tensor = OnnxReaderTests.Constant("w", [1], 0);
            tensor.ClearRawData();
            tensor.DataLocation = ResNetEdge.Onnx.Proto.TensorProto.Types.DataLocation.External;
            foreach (var (key, value) in ((string, string)[])[("location", location), ("offset", offset), ("length", length), ("checksum", "x")])
                tensor.ExternalData.Add(new ResNetEdge.Onnx.Proto.StringStringEntryProto { Key = key, Value = value });
            File.WriteAllBytes(model, Google.Protobuf.MessageExtensions.ToByteArray(OnnxReaderTests.Change(m => m.Graph.Initializer.Add(tensor))));
        }
    }

    private static void WriteZeros(ZipArchiveEntry entry, int count)
    {
        using var stream = entry.Open();
        stream.Write(new byte[count]);
    }

    private static void RefusedAs(FailureKind kind, string expected, Action action)
    {
        var e = Assert.Throws<EdgeException>(action);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Equal(kind, e.Kind);
    }
}
