using ResNetEdge.Device.Native;
using ResNetEdge.Pixels;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

/// <summary>Every format and mode that Pillow writes and this project reads, decoded by both: equal bit for bit.</summary>
public class PillowDecodingTests
{
    [SkippableFact]
    public void Png_bmp_and_ppm_equal_pillow() => AssertEqualToPillow("""
        for i in range(12):
            w, h = random.randint(1, 70), random.randint(1, 50)
            for mode in 'L', 'LA', 'RGB', 'RGBA':
                noise(mode, w, h).save(f'{mode}-{i}.png')
            noise('RGB', w, h).quantize(random.choice([2, 4, 16, 200])).save(f'palette-{i}.png')
            noise('L', w, h).convert('1').save(f'bit-{i}.png')
            rgba = noise('RGBA', w, h)
            rgba.quantize(50).save(f'palette-alpha-{i}.png', transparency=0)
            noise('RGB', w, h).save(f'rgb-{i}.bmp')
            noise('RGBA', w, h).save(f'rgba-{i}.bmp')
            noise('L', w, h).save(f'gray-{i}.bmp')
            noise('RGB', w, h).quantize(200).save(f'palette-{i}.bmp')
            noise('RGB', w, h).save(f'rgb-{i}.ppm')
            noise('L', w, h).save(f'gray-{i}.ppm')
            for maximum in 1, 77, 255, 256, 4095, 65535:
                size = 1 if maximum < 256 else 2
                samples = [random.randint(0, maximum) for _ in range(3 * w * h)]
                with open(f'max{maximum}-{i}.ppm', 'wb') as f:
                    f.write(b'P6\n# c\n%d %d\n%d\n' % (w, h, maximum) + b''.join(s.to_bytes(size, 'big') for s in samples))
        """);

    [SkippableFact]
    public void Jpeg_equals_pillow()
    {
        Skip.If(TurboJpeg.Shared is null, $"{TurboJpeg.LibraryName} (Debian's {TurboJpeg.PackageName}) is not installed");
        AssertEqualToPillow("""
            for i in range(25):
                w, h = random.randint(1, 130), random.randint(1, 90)
                for mode in 'L', 'RGB', 'CMYK':
                    noise(mode, w, h).save(f'{mode}-{i}.jpg', quality=random.randint(5, 100), progressive=i % 2 == 1, subsampling=random.randint(0, 2),
                                           optimize=i % 3 == 0)
            """);
    }

    [SkippableFact]
    public void Photographs_equal_pillow()
    {
        Skip.If(TurboJpeg.Shared is null, $"{TurboJpeg.LibraryName} (Debian's {TurboJpeg.PackageName}) is not installed");
        string photographs = SharedData.Path("imagenet-samples");
        AssertEqualToPillow($$"""
            import os
            for name in sorted(os.listdir({{Quoted(photographs)}})):
                if name.endswith('.JPEG'):
                    os.symlink(os.path.join({{Quoted(photographs)}}, name), name)
            """, least: 100);
    }

    /// <summary>Runs a script that leaves pictures in its folder, decodes each with Pillow and here, compares.</summary>
    private static void AssertEqualToPillow(string script, int least = 1)
    {
        using var folder = new TempFolder();
        Pillow.Script(folder, script + Environment.NewLine + """
            import os
            for name in sorted(os.listdir('.')):
                image = Image.open(name)
                raw(name + '.raw', image.convert('L' if image.mode in ('1', 'L', 'LA') else 'RGB'))
            """);
        int compared = 0;
        using var reader = new PictureReader();
        using var picture = new Picture();
        foreach (string raw in Directory.GetFiles(folder.Path, "*.raw"))
        {
            (int width, int height, int channels, byte[] pixels) = Pillow.Raw(raw);
            reader.Read(raw[..^4], picture);
            byte[] decoded = picture.Channels == channels ? picture.Pixels.ToArray() : [.. pixels.Select((_, i) => picture.Pixels[i * 3])];
            Assert.True((width, height) == (picture.Width, picture.Height), raw);
            Assert.True(pixels.AsSpan().SequenceEqual(decoded), $"{Path.GetFileName(raw)} differs from Pillow's");
            compared++;
        }

        Assert.True(compared >= least, $"{compared} pictures were compared");
    }

    private static string Quoted(string path) =>
        $"'{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
