using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

public class PackageWriterTests
{
    [Theory]
    [InlineData("p")]
    [InlineData("p.zip")]
    public void The_same_content_gives_the_same_bytes(string name)
    {
        using var one = new SamplePackage();
        using var other = new SamplePackage();
        Assert.Equal(Bytes(one.Write(name)), Bytes(other.Write(name)));
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p.zip")]
    public void A_package_is_replaced_and_nothing_is_left_beside_it(string name)
    {
        using var sample = new SamplePackage();
        byte[] first = Bytes(sample.Write(name, seed: 1));
        Assert.NotEqual(first, Bytes(sample.Write(name, seed: 2)));
        sample.HoldsOnly(name);
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p.zip")]
    public void What_is_no_package_is_not_replaced(string name)
    {
        using var sample = new SamplePackage();
        string target = Path.Combine(sample.Folder, name);
        if (name == "p") Directory.CreateDirectory(target);
        File.WriteAllText(name == "p" ? Path.Combine(target, "thesis.txt") : target, "precious");
        RefusedAs(FailureKind.BadInput, () => sample.Write(name));
        Assert.Equal("precious", File.ReadAllText(name == "p" ? Path.Combine(target, "thesis.txt") : target));
        sample.HoldsOnly(name);
    }

    [Fact]
    public void A_package_that_holds_something_else_too_is_not_replaced()
    {
        using var sample = new SamplePackage();
        string precious = Path.Combine(sample.Write("p"), "thesis.txt");
        File.WriteAllText(precious, "precious");
        Assert.Contains("'thesis.txt'", RefusedAs(FailureKind.BadInput, () => sample.Write("p")), StringComparison.Ordinal);
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public void A_folder_does_not_become_a_zip_nor_a_file_a_folder()
    {
        using var sample = new SamplePackage();
        Directory.CreateDirectory(Path.Combine(sample.Folder, "x.zip", "inside"));
        File.WriteAllText(Path.Combine(sample.Folder, "y"), "file");
        RefusedAs(FailureKind.BadInput, () => sample.Write("x.zip"));
        RefusedAs(FailureKind.BadInput, () => sample.Write("y"));
        sample.HoldsOnly("x.zip", "y");
    }

    [Fact]
    public void An_empty_folder_is_filled()
    {
        using var sample = new SamplePackage();
        Directory.CreateDirectory(Path.Combine(sample.Folder, "p"));
        using var package = Package.Open(sample.Write("p/"));
        package.VerifyFiles();
        sample.HoldsOnly("p");
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p.zip")]
    public void A_failure_on_the_way_leaves_what_was_there_and_nothing_else(string name)
    {
        using var sample = new SamplePackage();
        byte[] before = Bytes(sample.Write(name));
        string target = Path.Combine(sample.Folder, name);
        var content = SamplePackage.Content(2);
        PackageContent[] bad =
        [
            content with { Labels = ["one", "two\nlines"] },
            content with { Manifest = content.Manifest with { Precision = "int4" } },
            content with { Golden = [.. content.Golden, .. Enumerable.Repeat(content.Golden[0], Golden.MaxCount)] },
        ];
        foreach (var b in bad) RefusedAs(FailureKind.BadInput, () => PackageWriter.Write(target, b));
        var bfloat = new Tensor(ElementType.BFloat16, new Shape(1), new byte[2]);
        Assert.Throws<ArgumentException>(() => PackageWriter.Write(target, content with { Golden = [new([bfloat], [bfloat])] })); // a caller's defect
        Assert.Equal(before, Bytes(target));
        sample.HoldsOnly(name);
    }

    [Theory]
    [InlineData("/proc/p")]
    [InlineData("/proc/p.zip")]
    [InlineData("/dev/null/p")]
    public void An_output_that_cannot_be_written_is_unavailable(string target) =>
        Assert.StartsWith(
            $"{target}: cannot be written", RefusedAs(FailureKind.Unavailable, () => PackageWriter.Write(target, SamplePackage.Content())),
            StringComparison.Ordinal);

    [Fact]
    public void A_full_disk_is_one_sentence_and_leaves_the_old_file()
    {
        using var sample = new SamplePackage();
        string path = Path.Combine(sample.Folder, "f");
        AtomicFile.Write(path, stream => stream.Write("old"u8));
        RefusedAs(FailureKind.Unavailable, () => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            full.Write("more"u8); // No space left on device
        }));
        Assert.Equal("old", File.ReadAllText(path));
        sample.HoldsOnly("f");
    }

    private static byte[] Bytes(string path) => File.Exists(path) ? File.ReadAllBytes(path)
        : [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];

    private static string RefusedAs(FailureKind kind, Action action)
    {
        var e = Assert.Throws<EdgeException>(action);
        Assert.Equal(kind, e.Kind);
        return e.Message;
    }
}
