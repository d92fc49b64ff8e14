using ResNetEdge.Device.Native;
using ResNetEdge.Pixels;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

public class PictureReaderTests
{
    [Fact]
    public void Reads_a_file_whatever_its_name()
    {
        using var folder = new TempFolder();
        string path = folder.Write("zażółć.txt", PngMaker.Make(2, 2, 0, 8, [1, 2, 3, 4]));
        using var reader = new PictureReader();
        using var picture = new Picture();
        reader.Read(path, picture);
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, picture.Pixels.ToArray());
    }

    [Fact]
    public void Bad_files_are_refused_by_name()
    {
        using var folder = new TempFolder();
        AssertRefused(folder.Write("empty.png", []), "empty");
        AssertRefused(folder.Write("text.png", "this is not a picture"u8), "74686973");
        AssertRefused(folder["missing.png"], "No such file");
        AssertRefused(folder.Path, "a folder");
        AssertRefused(folder["zero\0inside.png"], "cannot be opened");
        AssertRefused(folder[new string('x', 5000)], "cannot be opened");
        AssertRefused("/dev/zero", "a device");
        AssertRefused("/proc/self/mem", "/proc/self/mem");
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_a_writer()
    {
        using var folder = new TempFolder();
        AssertRefused(SpecialFile.Pipe(folder["pipe.png"]), "a named pipe");
    }

    [Fact]
    public void A_file_larger_than_the_limit_is_refused_unread()
    {
        using var folder = new TempFolder();
        using (FileStream sparse = File.Create(folder["large.ppm"]))
        {
            sparse.SetLength(PictureReader.MaxFileBytes + 1);
        }

        AssertRefused(folder["large.ppm"], "256 MiB");
    }

    [Fact]
    public void Random_bytes_behind_every_signature_are_refused()
    {
        var random = new Random(11);
        byte[][] beginnings = [[0xFF, 0xD8, 0xFF], [.. PngMaker.Signature], [.. "BM"u8], [.. "P6\n9 9 255\n"u8], [.. "P3 "u8], []];
        for (int i = 0; i < 3000; i++)
        {
            byte[] noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            _ = Decoding.DecodesOrRefuses([.. beginnings[i % beginnings.Length], .. noise]);
        }
    }

    [Fact]
    public void Reading_again_allocates_nothing_managed()
    {
        using var folder = new TempFolder();
        string path = folder.Write("a.ppm", [.. "P6 40 30 255\n"u8, .. new byte[3600]]);
        using var reader = new PictureReader();
        using var picture = new Picture();
        reader.Read(path, picture);
        long before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(path, picture);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Without_libjpeg_turbo_a_jpeg_is_unavailable_and_names_the_package()
    {
        Assert.False(TurboJpeg.TryLoad("libturbojpeg-not-here.so.0", out _));
        EdgeException refusal = Jpeg.Missing("a.jpg");
        Assert.Equal(FailureKind.Unavailable, refusal.Kind);
        Assert.Contains("libturbojpeg0", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string path, string because)
    {
        using var reader = new PictureReader();
        using var picture = new Picture();
        EdgeException refusal = Assert.Throws<EdgeException>(() => reader.Read(path, picture));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }
}
