using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

/// <summary>Resize, crop and color conversion equal Pillow's bit for bit, over random sizes and up and down.</summary>
public class PillowResizeTests
{
    [SkippableFact]
    public void Exact_resize_equals_pillow()
    {
        using var folder = new TempFolder();
        Pillow.Script(folder, """
            sides = lambda: random.choice([1, 2, 3, 7, 32, random.randint(1, 60), random.randint(1, 400)])
            for i in range(150):
                source = noise('L' if i % 3 == 0 else 'RGB', sides(), sides())
                raw(f'{i}.in', source)
                raw(f'{i}.out', (source.convert('L') if i % 3 == 1 else source).resize((sides(), sides()), Image.BILINEAR))
            """);
        foreach (string path in Directory.GetFiles(folder.Path, "*.in"))
        {
            (int width, int height, int channels, byte[] expected) = Pillow.Raw(Path.ChangeExtension(path, ".out"));
            Compare(path, new PreprocessSpec
            {
                Height = height,
                Width = width,
                Resize = ResizeMode.Exact,
                Color = channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb,
                Mean = new float[channels],
                Std = [.. Enumerable.Repeat(1f, channels)],
            }, expected);
        }
    }

    [SkippableFact]
    public void Shorter_side_and_center_crop_equal_pillow()
    {
        using var folder = new TempFolder();
        Pillow.Script(folder, """
            for i in range(60):
                source = noise('RGB', random.randint(1, 400), random.randint(1, 400))
                raw(f'{i}.in', source)
                w, h = source.size
                size = 64 + i
                resized = source.resize((size, int(size * h / w)) if w <= h else (int(size * w / h), size), Image.BILINEAR)
                left, top = int(round((resized.width - 60) / 2.0)), int(round((resized.height - 50) / 2.0))
                raw(f'{i}.out', resized.crop((left, top, left + 60, top + 50)))
            """);
        foreach (string path in Directory.GetFiles(folder.Path, "*.in"))
        {
            Compare(path, new PreprocessSpec
            {
                Height = 50,
                Width = 60,
                Resize = ResizeMode.ShortestSide,
                ResizeSize = 64 + int.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture),
                Mean = [0, 0, 0],
                Std = [1, 1, 1],
            }, Pillow.Raw(Path.ChangeExtension(path, ".out")).Pixels);
        }
    }

    /// <summary>With scale 1/255 and zero point 0 the quantised input is the resized picture itself.</summary>
    private static void Compare(string path, PreprocessSpec spec, byte[] expected)
    {
        (int width, int height, int channels, byte[] pixels) = Pillow.Raw(path);
        using Picture picture = PictureMaker.Of(width, height, channels, pixels);
        foreach (ResizeKernel kernel in ResizeKernels.All)
        {
            using var input = new PreparedInput(spec, ElementType.UInt8, isNhwc: true, scale: 1 / 255f);
            using var preprocessor = new Preprocessor(spec, input.Buffer, kernel);
            preprocessor.Write(picture, path, input.Buffer);
            byte[] got = input.Values<byte>();
            byte[] planar = [.. Enumerable.Range(0, expected.Length)
                .Select(i => expected[(i % (spec.Height * spec.Width) * spec.Channels) + (i / (spec.Height * spec.Width))])];
            int differing = got.Zip(planar).Count(pair => pair.First != pair.Second);
            Assert.True(differing == 0, $"{path}: {width}x{height}x{channels} to {spec.Width}x{spec.Height}: {differing} of {got.Length} differ");
        }
    }
}
