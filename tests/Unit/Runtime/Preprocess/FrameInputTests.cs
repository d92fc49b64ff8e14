using ResNetEdge.Device.Cameras;
using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

/// <summary>Frames of cameras into inputs: equal bit for bit to a picture made of the frame and preprocessed as any other.</summary>
public unsafe class FrameInputTests
{
    private static readonly FrameFormat[] Raw = [.. FrameFormats.All.Where(f => f.Content is not (FrameContent.Jpeg or FrameContent.File))];

    public static TheoryData<string> RawFormats => [.. Raw.Select(f => f.Format.ToString())];

    [Theory]
    [MemberData(nameof(RawFormats))]
    public void Raw_frame_equals_its_picture_bit_for_bit(string name)
    {
        var format = FrameFormats.Of(FourCc.Of(name))!;
        var random = new Random(41);
        for (int i = 0; i < 150; i++)
        {
            int width = random.Next(1, 120), height = random.Next(1, 90), side = random.Next(1, 40);
            var mode = (ResizeMode)random.Next(3);
            var (inputWidth, inputHeight) = mode == ResizeMode.None ? (width, height) : (side, random.Next(1, side + 1));
            var color = (ColorOrder)random.Next(3);
            var spec = Spec(inputWidth, inputHeight, mode, random.Next(side, 60), color);
            var meaning = (YuvColor)random.Next(4);
            using var memory = new FrameMemory(format.Format, width, height, random.Next(3) == 0 ? 2 * random.Next(40) : 0, random, meaning);
            using var picture = AsPicture(memory.Frame, format);
            bool isFloat = random.Next(2) == 0, isNhwc = random.Next(2) == 0;
            using var expected = Prepared(spec, isFloat, isNhwc);
            using var got = Prepared(spec, isFloat, isNhwc);
            using var preprocessor = new Preprocessor(spec, expected.Buffer, new ResizeReference());
            preprocessor.Write(picture, "noise", expected.Buffer);
            foreach (var yuv in YuvKernels.All)
            {
                using var frames = new FrameInput(spec, got.Buffer, yuv: yuv);
                Assert.True(frames.TryWrite(memory.Frame, got.Buffer, out string? whyNot), whyNot);
                string what = $"{name} {width}x{height} to {inputWidth}x{inputHeight} {mode} {color} {meaning} {yuv.GetType().Name}";
                if (isFloat) Assert.True(expected.Values<float>().SequenceEqual(got.Values<float>()), what);
                else Assert.True(expected.Values<byte>().SequenceEqual(got.Values<byte>()), what);
            }
        }
    }

    [Fact]
    public void Every_layout_that_a_camera_may_choose_is_read()
        => Assert.All(FrameLayouts.All, layout => Assert.NotNull(FrameFormats.Of(layout.Format)));

    [Theory]
    [InlineData(0, 480, 1280)]
    [InlineData(640, 0, 1280)]
    [InlineData(int.MinValue, 480, 1280)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(16384, 16384, 1280)]
    [InlineData(640, 480, 1279)]
    [InlineData(640, 480, -1280)]
    [InlineData(640, 481, 1280)]
    [InlineData(641, 480, 1280)]
    public void Claims_that_the_bytes_do_not_keep_are_damage(int width, int height, int stride)
    {
        var spec = Spec(8, 8, ResizeMode.Exact, 0, ColorOrder.Rgb);
        using var input = Prepared(spec, false, true);
        using var frames = new FrameInput(spec, input.Buffer);
        using var memory = new FrameMemory(FourCc.Yuyv, 640, 480, 0, new Random(1));
        var good = memory.Frame;
        var bad = new Frame
        {
            Data = good.Data,
            Length = good.Length,
            Format = good.Format,
            Width = width,
            Height = height,
            Stride = stride,
            Sequence = 3,
            Time = default,
            Name = "cam",
        };
        Assert.False(frames.TryWrite(bad, input.Buffer, out string? whyNot));
        Assert.StartsWith("cam: frame 3 is damaged (", whyNot, StringComparison.Ordinal);
        Assert.True(frames.TryWrite(good, input.Buffer, out _));
    }

    [Fact]
    public void Unknown_format_is_refused_with_those_known()
    {
        var spec = Spec(8, 8, ResizeMode.Exact, 0, ColorOrder.Rgb);
        using var input = Prepared(spec, false, true);
        using var frames = new FrameInput(spec, input.Buffer);
        byte one = 0;
        var frame = new Frame
        {
            Data = &one,
            Length = 1,
            Format = FourCc.Of("H264"),
            Width = 1,
            Height = 1,
            Stride = 1,
            Sequence = 0,
            Time = default,
            Name = "cam",
        };
        var buffer = input.Buffer;
        var refusal = Assert.Throws<EdgeException>(() => frames.TryWrite(frame, buffer, out _));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.Contains("H264 are not supported; set the camera to one of YUYV", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var spec = Spec(32, 32, ResizeMode.ShortestSide, 40, ColorOrder.Rgb);
        using var input = Prepared(spec, false, true);
        using var frames = new FrameInput(spec, input.Buffer);
        using var memory = new FrameMemory(FourCc.Nv12, 96, 64, 0, new Random(1));
        var frame = memory.Frame;
        Assert.True(frames.TryWrite(frame, input.Buffer, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) frames.TryWrite(frame, input.Buffer, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static PreparedInput Prepared(PreprocessSpec spec, bool isFloat, bool isNhwc)
        => new(spec, isFloat ? ElementType.Float32 : ElementType.UInt8, isNhwc, isNhwc ? 1 : 0, isFloat ? 0 : 0.0187f, (byte)(isFloat ? 0 : 114));

    private static PreprocessSpec Spec(int width, int height, ResizeMode mode, int size, ColorOrder color) => new()
    {
        Width = width,
        Height = height,
        Resize = mode,
        ResizeSize = mode == ResizeMode.ShortestSide ? size : 0,
        Color = color,
        Mean = color == ColorOrder.Gray ? [0.45f] : [0.485f, 0.456f, 0.406f],
        Std = color == ColorOrder.Gray ? [0.22f] : [0.229f, 0.224f, 0.225f],
    };

    /// <summary>The frame as a picture, by the scalar definition.</summary>
    private static Picture AsPicture(in Frame frame, FrameFormat format)
    {
        using var rows = new FrameRows(new YuvReference());
        Assert.Null(rows.Set(frame, format));
        byte[] pixels = new byte[frame.Width * frame.Height * rows.Channels];
        for (int y = 0; y < frame.Height; y++)
        {
            var row = new Span<byte>(rows.Row(y, 0, frame.Width), frame.Width * rows.Channels);
            for (int i = 0; i < row.Length; i++) pixels[(y * row.Length) + (rows.IsBlueFirst ? i - (i % 3) + 2 - (i % 3) : i)] = row[i];
        }

        return PictureMaker.Of(frame.Width, frame.Height, rows.Channels, pixels);
    }
}
