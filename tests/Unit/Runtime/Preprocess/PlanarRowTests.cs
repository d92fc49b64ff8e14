using ResNetEdge.Model;
using ResNetEdge.Preprocess;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

public class PlanarRowTests
{
    private const byte Untouched = 0xA5, ZeroPoint = 114;
    private const float Scale = 0.0371f;

    [Fact]
    public unsafe void Quantised_rows_equal_the_definition_at_every_width_and_stride()
    {
        const int seed = 21;
        var random = new Random(seed);
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e30f, -1e30f];
        for (int width = 1; width <= 40; width++)
        {
            int stride = random.Next(1, 6);
            var values = new float[width];
            for (int i = 0; i < width; i++)
                values[i] = random.Next(6) == 0 ? special[random.Next(special.Length)] : (random.NextSingle() - 0.5f) * 20;
            var image = Image(ElementType.UInt8, width, stride);
            var row = new byte[width * stride];
            Array.Fill(row, Untouched);
            fixed (byte* to = row) PlanarRow.Write(values, to, image, 0);
            for (int i = 0; i < row.Length; i++)
                Assert.Equal(i % stride == 0 ? Requantize.Quantize(values[i / stride], Scale, ZeroPoint) : Untouched, row[i]);
        }
    }

    [Fact]
    public unsafe void Float_rows_are_copied_at_the_stride()
    {
        float[] values = [1, 2, 3], row = new float[6];
        fixed (float* to = row) PlanarRow.Write(values, (byte*)to, Image(ElementType.Float32, 3, 8), 0);
        Assert.Equal([1, 0, 2, 0, 3, 0], row);
    }

    private static unsafe InputBuffer Image(ElementType type, int width, int pixelStride) => new()
    {
        Data = null,
        Type = type,
        Channels = 1,
        Height = 1,
        Width = width,
        ChannelStride = 1,
        RowStride = width * pixelStride,
        PixelStride = pixelStride,
        Steps = new ChannelSteps([Scale], [ZeroPoint]),
    };
}
