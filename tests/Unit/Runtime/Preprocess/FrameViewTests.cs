using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

/// <summary>A region and masks: equal bit for bit to a picture that was cut and painted pixel by pixel.</summary>
public unsafe class FrameViewTests
{
    private static readonly FrameFormat[] Raw = [.. FrameFormats.All.Where(f => f.Content is not (FrameContent.Jpeg or FrameContent.File))];

    public static TheoryData<string> RawFormats => [.. Raw.Select(f => f.Format.ToString())];

    [Theory]
    [MemberData(nameof(RawFormats))]
    public void What_the_network_sees_is_what_is_cut_out_and_not_covered(string name)
    {
        var format = FrameFormats.Of(FourCc.Of(name))!;
        var random = new Random(7);
        for (int i = 0; i < 100; i++)
        {
            int width = random.Next(1, 100), height = random.Next(1, 80);
            var view = View(random);
            using var memory = new FrameMemory(format.Format, width, height, random.Next(3) == 0 ? 2 * random.Next(20) : 0, random);
            var color = (ColorOrder)random.Next(3);
            bool isFixed = random.Next(4) == 0;
            var spec = Spec(color, isFixed ? view.Region.Columns(width).Count : 8, isFixed ? view.Region.Rows(height).Count : 6, isFixed);
            using var expected = new PreparedInput(spec, ElementType.Float32, isNhwc: false);
            using var got = new PreparedInput(spec, ElementType.Float32, isNhwc: false);
            using var picture = Painted(memory.Frame, format, view, spec);
            using var preprocessor = new Preprocessor(spec, expected.Buffer, new ResizeReference());
            preprocessor.Write(picture, "painted", expected.Buffer);
            using var frames = new FrameInput(spec, got.Buffer) { View = view };
            Assert.True(frames.TryWrite(memory.Frame, got.Buffer, out string? whyNot), whyNot);
            Assert.Equal(expected.Values<float>(), got.Values<float>());
        }
    }

    [SkippableFact]
    public void A_region_of_a_jpeg_is_decoded_with_all_the_pixels_that_it_needs()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        using var memory = new FrameMemory(FourCc.Grey, 640, 480, 0, new Random(1));
        for (int i = 0; i < memory.Frame.Length; i++) memory.Frame.Data[i] = (byte)(i % 640 < 320 ? 40 : 200);
        using var snapshot = new FrameSnapshot();
        snapshot.Take(memory.Frame);
        byte[] coded = snapshot.ToJpeg(640, out _)!;
        var spec = Spec(ColorOrder.Gray, 64, 48, isFixed: false) with { Mean = [0], Std = [1] };
        using var input = new PreparedInput(spec, ElementType.Float32, isNhwc: false);
        foreach (var (x, brightness) in new[] { (0.0, 40), (0.5, 200) })
        {
            using var frames = new FrameInput(spec, input.Buffer) { View = new FrameView(new FrameRegion(x, 0, 0.5, 1), [], false) };
            fixed (byte* data = coded)
            {
                var frame = memory.Frame with { Data = data, Length = coded.Length, Format = FourCc.Mjpeg };
                Assert.True(frames.TryWrite(frame, input.Buffer, out string? whyNot), whyNot);
            }

            Assert.All(input.Values<float>(), value => Assert.InRange(255 * value, brightness - 2, brightness + 2));
        }
    }

    [Fact]
    public void Once_it_has_seen_a_size_a_frame_allocates_nothing()
    {
        var spec = Spec(ColorOrder.Rgb, 32, 32, isFixed: false);
        using var input = new PreparedInput(spec, ElementType.Float32, isNhwc: false);
        using var frames = new FrameInput(spec, input.Buffer) { View = View(new Random(3)) };
        using var memory = new FrameMemory(FourCc.Nv12, 96, 64, 0, new Random(1));
        var frame = memory.Frame;
        Assert.True(frames.TryWrite(frame, input.Buffer, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) frames.TryWrite(frame, input.Buffer, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0, 1, 640, 0, 640)]
    [InlineData(0.25, 0.5, 640, 160, 320)]
    [InlineData(0.999, 0.001, 10, 9, 1)] // never nothing
    [InlineData(0.5, 0.5, 1, 0, 1)]
    [InlineData(0.7, 0.3, 10, 7, 3)]
    public void A_share_is_at_least_a_pixel_and_never_beyond_the_frame(double from, double share, int size, int first, int count) =>
        Assert.Equal((first, count), new FrameRegion(from, 0, share, 1).Columns(size));

    private static FrameView View(Random random)
    {
        double x = random.NextDouble() * 0.8, y = random.NextDouble() * 0.8;
        var region = random.Next(3) == 0 ? FrameRegion.Whole
            : new FrameRegion(x, y, 0.05 + (random.NextDouble() * (0.95 - x)), 0.05 + (random.NextDouble() * (0.95 - y)));
        var masks = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Polygon(random)).ToList();
        return new FrameView(region, random.Next(4) == 0 ? [] : masks, random.Next(2) == 0);
    }

    private static FramePoint[] Polygon(Random random) =>
        [.. Enumerable.Range(0, 3 + random.Next(4)).Select(_ => new FramePoint(random.NextDouble(), random.NextDouble()))];

    private static PreprocessSpec Spec(ColorOrder color, int width, int height, bool isFixed) => new()
    {
        Width = width,
        Height = height,
        Resize = isFixed ? ResizeMode.None : ResizeMode.Exact,
        Color = color,
        Mean = color == ColorOrder.Gray ? [0.45f] : [0.485f, 0.456f, 0.406f],
        Std = color == ColorOrder.Gray ? [0.22f] : [0.229f, 0.224f, 0.225f],
    };

    // Gray or red, green, blue; each pixel is looked at by itself.
    private static Picture Painted(in Frame frame, FrameFormat format, FrameView view, PreprocessSpec spec)
    {
        using var rows = new FrameRows(new YuvReference());
        Assert.Null(rows.Set(frame, format));
        int channels = rows.Channels;
        var ((left, width), (top, height)) = (view.Region.Columns(frame.Width), view.Region.Rows(frame.Height));
        byte[] pixels = new byte[width * height * channels];
        float[] mean = spec.Color == ColorOrder.Bgr ? [spec.Mean[2], spec.Mean[1], spec.Mean[0]] : spec.Mean;
        for (int y = 0; y < height; y++)
        {
            var row = new ReadOnlySpan<byte>(rows.Row(top + y, 0, frame.Width), frame.Width * channels);
            for (int x = 0; x < width; x++)
            {
                double centerX = (left + x + 0.5) / frame.Width, centerY = (top + y + 0.5) / frame.Height;
                bool isCovered = view.Masks.Any(m => IsInside(m, centerX, centerY));
                for (int c = 0; c < channels; c++)
                {
                    float fill = mean.Length == 1 ? mean[0] : channels == 1 ? mean.Sum() / 3 : mean[c];
                    pixels[(((y * width) + x) * channels) + c] = !isCovered ? row[((left + x) * channels) + (rows.IsBlueFirst ? 2 - c : c)]
                        : view.FillsWithMean ? (byte)Math.Round(255 * fill) : (byte)0;
                }
            }
        }

        return PictureMaker.Of(width, height, channels, pixels);
    }

    // By a ray to the right.
    private static bool IsInside(IReadOnlyList<FramePoint> polygon, double x, double y)
    {
        bool isInside = false;
        for (int i = 0; i < polygon.Count; i++)
        {
            var (a, b) = (polygon[i], polygon[i == 0 ? polygon.Count - 1 : i - 1]);
            if (a.Y > y != b.Y > y && x < ((b.X - a.X) * (y - a.Y) / (b.Y - a.Y)) + a.X) isInside = !isInside;
        }

        return isInside;
    }
}
