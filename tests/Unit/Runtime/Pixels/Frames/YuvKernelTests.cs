using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

public unsafe class YuvKernelTests
{
    private const int WidestRow = 200;
    private const byte Untouched = 0xA5;

    /// <summary>Every kernel that this machine can run.</summary>
    public static TheoryData<string> Kernels => [.. YuvKernels.All.Select(kernel => kernel.GetType().Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Row_equals_the_definition_at_every_width(string name)
    {
        var kernel = YuvKernels.All.Single(k => k.GetType().Name == name);
        var random = new Random(31);
        foreach (var order in Enum.GetValues<YuvOrder>())
        {
            foreach (var color in Enum.GetValues<YuvColor>())
            {
                for (int width = 1; width <= WidestRow; width++)
                {
                    byte[] y = Noise(random, 2 * WidestRow), u = Noise(random, 2 * WidestRow), v = Noise(random, 2 * WidestRow);
                    byte[] expected = new byte[3 * width], got = new byte[(3 * width) + NativeBuffer.Slack];
                    Array.Fill(got, Untouched);
                    fixed (byte* luma = y, chroma = u, other = v, reference = expected, vector = got)
                    {
                        var row = new YuvRow(order, luma, chroma, other);
                        new YuvReference().Convert(row, YuvMatrix.Of(color), width, reference);
                        kernel.Convert(row, YuvMatrix.Of(color), width, vector);
                    }

                    Assert.Equal(expected, got[..^NativeBuffer.Slack]);
                    Assert.DoesNotContain(got[^NativeBuffer.Slack..], b => b != Untouched);
                }
            }
        }
    }

    /// <summary>Every Y, U and V: at most one beside the exact result, and exactly rounded nearly always.</summary>
    [Theory]
    [InlineData(YuvColor.Bt601Limited, 0.299, 0.114, 219, 224, 16)]
    [InlineData(YuvColor.Bt601Full, 0.299, 0.114, 255, 255, 0)]
    [InlineData(YuvColor.Bt709Limited, 0.2126, 0.0722, 219, 224, 16)]
    [InlineData(YuvColor.Bt709Full, 0.2126, 0.0722, 255, 255, 0)]
    public void Definition_is_the_recommendations_matrix(object color, double kr, double kb, double lumaSpan, double chromaSpan, int lumaZero)
    {
        var matrix = YuvMatrix.Of((YuvColor)color);
        byte* pixels = stackalloc byte[4];
        byte* rgb = stackalloc byte[6];
        int off = 0, all = 0;
        for (int y = 0; y < 256; y += 5)
        {
            for (int u = 0; u < 256; u += 3)
            {
                for (int v = 0; v < 256; v += 3)
                {
                    (pixels[0], pixels[1], pixels[2], pixels[3]) = ((byte)y, (byte)u, (byte)y, (byte)v);
                    new YuvReference().Convert(new YuvRow(YuvOrder.Yuyv, pixels, null, null), matrix, 2, rgb);
                    double luma = (y - lumaZero) / lumaSpan, cb = (u - 128) / chromaSpan, cr = (v - 128) / chromaSpan;
                    double red = luma + (2 * (1 - kr) * cr),
                        blue = luma + (2 * (1 - kb) * cb), green = (luma - (kr * red) - (kb * blue)) / (1 - kr - kb);
                    double[] exact = [red, green, blue];
                    for (int c = 0; c < 3; c++, all++)
                    {
                        int difference = Math.Abs(rgb[c] - (int)Math.Round(Math.Clamp(255 * exact[c], 0, 255)));
                        Assert.InRange(difference, 0, 1);
                        off += difference;
                        Assert.Equal(rgb[c], rgb[3 + c]);
                    }
                }
            }
        }

        Assert.InRange((double)off / all, 0, 0.01);
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
