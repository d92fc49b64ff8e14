using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

public class PreprocessorTests
{
    private static readonly PreprocessSpec Imagenet = new()
    {
        Height = 24,
        Width = 20,
        Resize = ResizeMode.ShortestSide,
        ResizeSize = 28,
        Mean = [0.485f, 0.456f, 0.406f],
        Std = [0.229f, 0.224f, 0.225f],
    };

    [Fact]
    public void Pictures_of_one_value_stay_so_at_every_size()
    {
        var random = new Random(31);
        for (int i = 0; i < 300; i++)
        {
            byte value = (byte)random.Next(256);
            using Picture picture = PictureMaker.Flat(random.Next(1, 200), random.Next(1, 200), random.Next(2) == 0 ? 1 : 3, value);
            PreprocessSpec spec = Imagenet with { Resize = i % 2 == 0 ? ResizeMode.Exact : ResizeMode.ShortestSide };
            float[] values = Floats(spec, picture, isNhwc: i % 3 == 0);
            for (int c = 0; c < 3; c++)
            {
                float expected = ((value / 255f) - spec.Mean[c]) / spec.Std[c];
                Assert.All(values.AsSpan(c * 480, 480).ToArray(), v => Assert.Equal(expected, v));
            }
        }
    }

    [Theory]
    [InlineData(ResizeMode.Exact)]
    [InlineData(ResizeMode.ShortestSide)]
    public void Every_layout_holds_the_same_values(ResizeMode mode)
    {
        using Picture picture = PictureMaker.Noise(61, 47, 3, new Random(32));
        PreprocessSpec spec = Imagenet with { Resize = mode };
        float[] planar = Floats(spec, picture, isNhwc: false);
        Assert.Equal(planar, Floats(spec, picture, isNhwc: true));
        Assert.Equal(planar, Floats(spec, picture, isNhwc: true, pixelPadding: 1));
        using var input = new PreparedInput(spec, ElementType.Float32, isNhwc: true);
        using var plain = new Preprocessor(spec, input.Buffer, new ResizeReference());
        plain.Write(picture, "made", input.Buffer);
        Assert.Equal(planar, input.Values<float>());
    }

    [Fact]
    public void Bgr_is_rgb_backwards()
    {
        using Picture picture = PictureMaker.Noise(61, 47, 3, new Random(33));
        PreprocessSpec plain = Imagenet with { Mean = [0, 0, 0], Std = [1, 1, 1] };
        float[] rgb = Floats(plain, picture, isNhwc: false);
        float[] bgr = Floats(plain with { Color = ColorOrder.Bgr }, picture, isNhwc: false);
        Assert.Equal([.. rgb[960..], .. rgb[480..960], .. rgb[..480]], bgr);
    }

    [Fact]
    public void Gray_pictures_fill_all_channels_and_color_pictures_become_luma()
    {
        using Picture gray = PictureMaker.Noise(20, 24, 1, new Random(34));
        PreprocessSpec color = Imagenet with { Resize = ResizeMode.None, Mean = [0, 0, 0], Std = [1, 1, 1] };
        float[] values = Floats(color, gray, isNhwc: false);
        Assert.Equal(gray.Pixels.ToArray().Select(v => v / 255f), values[..480]);
        Assert.Equal(values[..480], values[480..960]);
        Assert.Equal(values[..480], values[960..]);

        using Picture rgb = PictureMaker.Of(20, 24, 3, Enumerable.Repeat(new byte[] { 10, 200, 30 }, 480).SelectMany(p => p).ToArray());
        float[] luma = Floats(color with { Color = ColorOrder.Gray, Mean = [0], Std = [1] }, rgb, isNhwc: false);
        Assert.All(luma, v => Assert.Equal(124 / 255f, v)); // 0.299·10 + 0.587·200 + 0.114·30 = 123.81
    }

    [Theory]
    [InlineData(0.0187f, 114)]
    [InlineData(0.001f, 128)] // saturates on both sides
    [InlineData(10f, 0)]
    public void Quantised_input_is_the_quantised_float_input(float scale, byte zeroPoint)
    {
        using Picture picture = PictureMaker.Noise(61, 47, 3, new Random(35));
        float[] floats = Floats(Imagenet, picture, isNhwc: true);
        using var input = new PreparedInput(Imagenet, ElementType.UInt8, isNhwc: true, pixelPadding: 1, scale, zeroPoint);
        using var preprocessor = new Preprocessor(Imagenet, input.Buffer);
        preprocessor.Write(picture, "made", input.Buffer);
        Assert.Equal(floats.Select(v => (byte)Math.Clamp(Math.Round((double)(v / scale)) + zeroPoint, 0, 255)), input.Values<byte>());
    }

    [Fact]
    public void A_second_picture_of_any_seen_size_allocates_nothing_managed()
    {
        using Picture large = PictureMaker.Noise(300, 200, 3, new Random(36));
        using Picture small = PictureMaker.Noise(90, 120, 1, new Random(37));
        using var input = new PreparedInput(Imagenet, ElementType.Float32, isNhwc: true);
        using var preprocessor = new Preprocessor(Imagenet, input.Buffer);
        InputBuffer buffer = input.Buffer;
        preprocessor.Write(large, "large", buffer);
        preprocessor.Write(small, "small", buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        preprocessor.Write(large, "large", buffer);
        preprocessor.Write(small, "small", buffer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_longest_pictures_fit()
    {
        using Picture wide = PictureMaker.Flat(Picture.MaxSide, 1, 3, 9);
        using Picture tall = PictureMaker.Flat(1, Picture.MaxSide, 1, 9);
        float expected = ((9 / 255f) - Imagenet.Mean[0]) / Imagenet.Std[0];
        foreach (ResizeMode mode in new[] { ResizeMode.Exact, ResizeMode.ShortestSide })
        {
            Assert.Equal(expected, Floats(Imagenet with { Resize = mode }, wide, isNhwc: false)[0]);
            Assert.Equal(expected, Floats(Imagenet with { Resize = mode }, tall, isNhwc: false)[0]);
        }
    }

    [Fact]
    public void Specifications_that_contradict_themselves_or_the_model_are_refused()
    {
        AssertRefused(Imagenet with { Mean = [0] }, "as many means");
        AssertRefused(Imagenet with { Std = [1, 0, 1] }, "no standard deviation 0");
        AssertRefused(Imagenet with { Mean = [0, float.NaN, 0] }, "finite");
        AssertRefused(Imagenet with { ResizeSize = 23 }, "does not cover");
        AssertRefused(Imagenet with { Height = 0 }, "20x0");
        AssertRefused(Imagenet with { Color = ColorOrder.Gray, Mean = [0], Std = [1] }, "the model takes 3x24x20");
        AssertRefused(Imagenet with { Width = 21 }, "the model takes 3x24x20");
    }

    private static void AssertRefused(PreprocessSpec spec, string because)
    {
        using var input = new PreparedInput(Imagenet, ElementType.Float32, isNhwc: false);
        InputBuffer buffer = input.Buffer;
        EdgeException refusal = Assert.Throws<EdgeException>(() => new Preprocessor(spec, buffer));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }

    private static float[] Floats(PreprocessSpec spec, Picture picture, bool isNhwc, int pixelPadding = 0)
    {
        using var input = new PreparedInput(spec, ElementType.Float32, isNhwc, pixelPadding);
        using var preprocessor = new Preprocessor(spec, input.Buffer);
        preprocessor.Write(picture, "made", input.Buffer);
        return input.Values<float>();
    }
}
