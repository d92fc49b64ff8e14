using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Device.Cameras;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

public unsafe class FrameSnapshotTests
{
    [SkippableTheory]
    [InlineData("YUYV", 3)]
    [InlineData("NV12", 3)]
    [InlineData("BGR3", 3)]
    [InlineData("GREY", 1)]
    public void A_raw_frame_becomes_a_jpeg_that_shows_it(string format, int channels)
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        using var memory = new FrameMemory(FourCc.Of(format), 64, 48, 0, new Random(1));
        new Span<byte>(memory.Frame.Data, memory.Frame.Length).Fill(128); // gray in every format
        using var snapshot = new FrameSnapshot();
        snapshot.Take(memory.Frame);
        using var picture = Decode(snapshot.ToJpeg(1000, out string? whyNot));
        Assert.Null(whyNot);
        Assert.Equal((64, 48, channels, 7u), (picture.Width, picture.Height, picture.Channels, snapshot.Sequence));
        byte shown = (byte)(format is "YUYV" or "NV12" ? 130 : 128); // (128 - 16) · 255 / 219
        Assert.All(picture.Pixels.ToArray(), p => Assert.InRange(p, shown - 1, shown + 1));
    }

    [SkippableFact]
    public void Colors_stay_and_a_large_frame_is_reduced()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        using var memory = new FrameMemory(FourCc.Bgr24, 640, 480, 0, new Random(1));
        for (int i = 0; i < memory.Frame.Length; i++) memory.Frame.Data[i] = (byte)(i % 3 == 0 ? 200 : 20); // blue
        using var snapshot = new FrameSnapshot();
        snapshot.Take(memory.Frame);
        using var picture = Decode(snapshot.ToJpeg(200, out _));
        Assert.Equal((160, 120), (picture.Width, picture.Height)); // a quarter: the whole number that fits
        Assert.InRange(picture.Pixels[2], 190, 210);
        Assert.InRange(picture.Pixels[0], 10, 30);
    }

    [Fact]
    public void A_cameras_jpeg_is_passed_on_without_what_trails_it()
    {
        byte[] coded = [.. TinyJpeg.Of(3), .. new byte[5000]];
        fixed (byte* data = coded)
        {
            using var snapshot = new FrameSnapshot();
            snapshot.Take(new Frame
            {
                Data = data,
                Length = coded.Length,
                Format = FourCc.Mjpeg,
                Width = 0,
                Height = 0,
                Stride = 0,
                Sequence = 1,
                Time = default,
                Name = "cam",
            });
            Assert.Equal(TinyJpeg.Parsed(3), snapshot.ToJpeg(100, out string? whyNot));
            Assert.Null(whyNot);
        }
    }

    [Fact]
    public void What_cannot_be_shown_says_why()
    {
        using var snapshot = new FrameSnapshot();
        Assert.Null(snapshot.ToJpeg(100, out string? whyNot));
        Assert.Equal("no frame has been captured yet", whyNot);
        byte one = 1;
        foreach (var format in new[] { FourCc.Mjpeg, FourCc.Picture, FourCc.Yuyv, FourCc.Of("H264") })
        {
            snapshot.Take(new Frame
            {
                Data = &one,
                Length = 1,
                Format = format,
                Width = 2,
                Height = 2,
                Stride = 4,
                Sequence = 1,
                Time = default,
                Name = "cam",
            });
            Assert.Null(snapshot.ToJpeg(100, out whyNot));
            Assert.False(string.IsNullOrEmpty(whyNot));
        }
    }

    private static Picture Decode(byte[]? jpeg)
    {
        Assert.NotNull(jpeg);
        var picture = new Picture();
        PictureReader.Decode("snapshot", jpeg, picture);
        return picture;
    }
}
