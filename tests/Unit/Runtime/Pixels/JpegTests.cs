using ResNetEdge.Device.Native;
using ResNetEdge.Pixels;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

public class JpegTests
{
    [SkippableFact]
    public void Cut_or_changed_files_are_refused_or_decoded()
    {
        using TempFolder folder =
            Made("noise('RGB', 40, 24).save('baseline.jpg', quality=80); noise('L', 33, 17).save('gray.jpg', progressive=True)");
        Decoding.Fuzz(File.ReadAllBytes(folder["baseline.jpg"]), seed: 3);
        Decoding.Fuzz(File.ReadAllBytes(folder["gray.jpg"]), seed: 4);
    }

    [SkippableFact]
    public void A_claim_of_30000_by_30000_is_refused_before_memory_is_taken()
    {
        using TempFolder folder = Made("noise('RGB', 40, 24).save('a.jpg')");
        byte[] file = File.ReadAllBytes(folder["a.jpg"]);
        int frame = file.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) = (0x75, 0x30, 0x75, 0x30);
        Assert.Contains("30000x30000", Decoding.Refused(file).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Bytes_between_the_parts_are_no_damage()
    {
        using TempFolder folder = Made("noise('RGB', 40, 24).save('a.jpg')");
        byte[] file = File.ReadAllBytes(folder["a.jpg"]);
        int tables = file.AsSpan().IndexOf<byte>([0xFF, 0xC4]);
        byte[] padded = [.. file[..tables], 0, 0, 0, .. file[tables..]];
        Assert.Equal(Decoding.Decode(file).Pixels, Decoding.Decode(padded).Pixels);
        _ = Decoding.Refused(padded.AsSpan(0, padded.Length - 60));
    }

    [SkippableFact]
    public void Decoding_again_allocates_nothing_managed()
    {
        using TempFolder folder = Made("noise('RGB', 64, 48).save('a.jpg')");
        using var reader = new PictureReader();
        using var picture = new Picture();
        reader.Read(folder["a.jpg"], picture);
        string path = folder["a.jpg"];
        long before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(path, picture);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TempFolder Made(string script)
    {
        Skip.If(TurboJpeg.Shared is null, $"{TurboJpeg.LibraryName} (Debian's {TurboJpeg.PackageName}) is not installed");
        var folder = new TempFolder();
        Pillow.Script(folder, script);
        return folder;
    }
}
