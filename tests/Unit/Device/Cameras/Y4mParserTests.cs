using System.Text;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

public class Y4mParserTests
{
    [Fact]
    public void Planes_of_an_odd_size_are_laid_out_in_pairs()
    {
        byte[] planes = [.. Enumerable.Range(1, 9 + 4 + 4).Select(i => (byte)i)]; // 3x3, chroma 2x2 twice
        var (mode, frames) = Parse("YUV4MPEG2 W3 H3 F30000:1001 Ip A1:1 C420jpeg\n", ("FRAME\n", planes), ("FRAME Ip\n", planes));
        Assert.Equal((FourCc.Yuv420, 3, 3, 30000 / 1001.0), (mode!.Format, mode.Width, mode.Height, mode.FramesPerSecond));
        Assert.Equal(2, frames.Count);
        var frame = frames[0];
        Assert.Equal(4, frame.Stride);
        Assert.Equal([1, 2, 3], frame.Bytes[..3]);
        Assert.Equal([4, 5, 6], frame.Bytes[4..7]);
        Assert.Equal([7, 8, 9], frame.Bytes[8..11]);
        Assert.Equal([10, 11, 12, 13, 14, 15, 16, 17], frame.Bytes[12..]);
        Assert.Null(FrameLayouts.Of(FourCc.Yuv420)!.Fault(3, 3, frame.Stride, frame.Bytes.Length));
    }

    [Theory]
    [InlineData("", "YU12", YuvColor.Bt601Limited, 6)]
    [InlineData(" C420mpeg2 XCOLORRANGE=FULL", "YU12", YuvColor.Bt601Full, 6)]
    [InlineData(" Cmono", "GREY", YuvColor.Bt601Limited, 4)]
    [InlineData(" C422 XYSCSS=422", "422P", YuvColor.Bt601Limited, 8)]
    public void Color_spaces(string parameters, string format, object color, int bytes)
    {
        var (mode, frames) = Parse($"YUV4MPEG2 W2 H2{parameters}\n", ("FRAME\n", new byte[bytes]));
        Assert.Equal(format, mode!.Format.ToString());
        Assert.Equal(((YuvColor)color, bytes), (Assert.Single(frames).Color, frames[0].Bytes.Length));
        Assert.Equal(0, mode.FramesPerSecond);
    }

    [Theory]
    [InlineData("")]
    [InlineData("RIFF....AVI \n")]
    [InlineData("YUV4MPEG2\n")]
    [InlineData("YUV4MPEG2 W640\n")]
    [InlineData("YUV4MPEG2 W0 H480\n")]
    [InlineData("YUV4MPEG2 W-1 H480\n")]
    [InlineData("YUV4MPEG2 W99999999999999999999 H480\n")]
    [InlineData("YUV4MPEG2 W16384 H16384 C422 \n")]
    [InlineData("YUV4MPEG2 W640 H480 C444\n")]
    [InlineData("YUV4MPEG2 W640 H480 C420p10\n")]
    public void Beginnings_that_are_none_are_refused(string beginning)
    {
        var refusal = Assert.Throws<EdgeException>(() => Parse(beginning));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
    }

    [Fact]
    public void A_line_without_end_is_refused() => Assert.Throws<EdgeException>(() => Parse("YUV4MPEG2 " + new string('W', 100_000)));

    [Fact]
    public void Streams_that_end_early_or_lose_their_way_are_damaged()
    {
        var parser = new Y4mParser("s");
        using var frame = new StreamFrame();
        foreach (string rest in new[] { "FRA", "FRAME\n", "FRAME\nabcde" })
        {
            var bytes = new StreamBytes(new MemoryStream(Encoding.Latin1.GetBytes("YUV4MPEG2 W2 H2\n" + rest)));
            parser.Begin(bytes);
            Assert.False(parser.Read(bytes, frame));
        }

        Assert.Equal(3, parser.Damaged);
        var lost = new StreamBytes(new MemoryStream(Encoding.Latin1.GetBytes("YUV4MPEG2 W2 H2\nFRAME\nabcdefFRAMX\nabcdef")));
        parser.Begin(lost);
        Assert.True(parser.Read(lost, frame));
        Assert.Throws<CameraException>(() => parser.Read(lost, frame));
    }

    [Fact]
    public void Any_bytes_end_in_a_frame_the_end_or_a_refusal()
    {
        var random = new Random(52);
        byte[] whole =
        [
            .. Encoding.Latin1.GetBytes("YUV4MPEG2 W4 H2 F25:1 C420jpeg\nFRAME\n"), .. new byte[12], .. Encoding.Latin1.GetBytes("FRAME\n"),
            .. new byte[12],
        ];
        for (int round = 0; round < 5000; round++)
        {
            byte[] stream = [.. whole];
            for (int hits = random.Next(1, 6); hits > 0; hits--) stream[random.Next(stream.Length)] = (byte)random.Next(256);
            var parser = new Y4mParser("s");
            using var frame = new StreamFrame();
            var bytes = new StreamBytes(new MemoryStream(stream[..random.Next(stream.Length + 1)]));
            try
            {
                parser.Begin(bytes);
                while (parser.Read(bytes, frame))
                    Assert.Null(FrameLayouts.Of(frame.Format)!.Fault(frame.Width, frame.Height, frame.Stride, frame.Length));
            }
            catch (Exception e) when (e is EdgeException or CameraException)
            {
                Assert.StartsWith("s: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static (CameraMode? Mode, List<(int Stride, YuvColor Color, byte[] Bytes)> Frames) Parse(
        string beginning, params (string Line, byte[] Planes)[] frames)
    {
        var parser = new Y4mParser("s");
        using var frame = new StreamFrame();
        byte[] stream = [.. Encoding.Latin1.GetBytes(beginning), .. frames.SelectMany(f => Encoding.Latin1.GetBytes(f.Line).Concat(f.Planes))];
        var bytes = new StreamBytes(new MemoryStream(stream));
        parser.Begin(bytes);
        var read = new List<(int, YuvColor, byte[])>();
        while (parser.Read(bytes, frame)) read.Add((frame.Stride, frame.Color, frame.Bytes.Room(0, frame.Length).ToArray()));
        return (parser.Mode, read);
    }
}
