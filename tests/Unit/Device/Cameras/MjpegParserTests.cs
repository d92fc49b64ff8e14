using System.Text;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

public class MjpegParserTests
{
    [Fact]
    public void Frames_one_after_the_other()
    {
        Assert.Equal([1, 2, 3], Marks(Parse([.. TinyJpeg.Of(1), .. TinyJpeg.Of(2), .. TinyJpeg.Of(3)], out long damaged)));
        Assert.Equal(0, damaged);
    }

    [Fact]
    public void A_frame_is_its_bytes() => Assert.Equal(TinyJpeg.Parsed(9), Assert.Single(Parse(TinyJpeg.Of(9), out _)));

    [Theory]
    [InlineData("--b\r\nContent-Type: image/jpeg\r\nContent-Length: 41\r\n\r\n", "\r\n")]
    [InlineData("--b\nContent-Length: 999999\n\n", "")]
    [InlineData("Content-Type: image/jpeg\r\n\r\n", "")]
    [InlineData("", "\0\0\0")]
    [InlineData("ÿÿ", "ÿ")]
    public void Whatever_stands_between_frames_is_passed_over(string before, string behind)
    {
        byte[] head = Encoding.Latin1.GetBytes(before), tail = Encoding.Latin1.GetBytes(behind);
        byte[] stream = [.. head, .. TinyJpeg.Of(1), .. tail, .. head, .. TinyJpeg.Of(2), .. tail];
        Assert.Equal([1, 2], Marks(Parse(stream, out long damaged)));
        Assert.Equal(0, damaged);
    }

    [Fact]
    public void A_frame_that_another_begins_in_is_damaged()
    {
        // Not inside a segment, which swallows what comes as its own bytes.
        foreach (int cut in new[] { 3, 12, 13, 14, 18, 19, 24, 25, 26, 27, 28, 29, 30, 31, 32 })
        {
            Assert.Equal([2, 3], Marks(Parse([.. TinyJpeg.Of(1)[..cut], .. TinyJpeg.Of(2), .. TinyJpeg.Of(3)], out long damaged)));
            Assert.Equal(1, damaged);
        }
    }

    [Theory]
    [InlineData("\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n")]
    [InlineData("\n--myboundary\nContent-Type: image/jpeg\n\n")]
    [InlineData("\r\n--b\r\nContent-Length: 12\r\nContent-Type: image/jpeg\r\n\r\n")]
    [InlineData("\r\n--a -- b--\r\n\r\n")]
    public void A_part_without_end_marker_ends_where_the_next_part_begins(string between)
    {
        byte[] head = Encoding.Latin1.GetBytes(between);
        byte[] stream = [.. head, .. TinyJpeg.Of(1)[..^2], .. head, .. TinyJpeg.Of(2)[..^2], .. head, .. TinyJpeg.Of(3)[..^2], .. head];
        var frames = Parse(stream, out long damaged);
        Assert.Equal([TinyJpeg.Parsed(1), TinyJpeg.Parsed(2), TinyJpeg.Parsed(3)], frames);
        Assert.Equal(0, damaged);
    }

    [Fact]
    public void Pixels_that_look_like_a_delimiter_are_pixels_as_long_as_frames_have_their_end_markers()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02, .. "\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n"u8, 0xFF, 0xD9];
        Assert.Equal([jpeg, jpeg], Parse([.. "--b\r\n\r\n"u8, .. jpeg, .. "--b\r\n\r\n"u8, .. jpeg], out long damaged));
        Assert.Equal(0, damaged);
    }

    [Fact]
    public void A_stream_that_ends_inside_a_frame_has_one_damaged()
    {
        for (int cut = 3; cut < TinyJpeg.Of(1).Length; cut++)
        {
            Assert.Empty(Parse(TinyJpeg.Of(1)[..cut], out long damaged));
            Assert.Equal(1, damaged);
        }
    }

    [Fact]
    public void Noise_without_a_frame_is_given_up_on()
    {
        var parser = new MjpegParser("noise");
        using var frame = new StreamFrame();
        using var endless = new Repeating([0xFF, 0x00, 0x11]);
        var failure = Assert.Throws<CameraException>(() => parser.Read(new StreamBytes(endless), frame));
        Assert.Contains("no JPEG in", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_without_end_is_given_up_on()
    {
        var parser = new MjpegParser("noise");
        using var frame = new StreamFrame();
        byte[] start = [0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02];
        using var endless = new Repeating([0x11], start);
        Assert.Throws<CameraException>(() => parser.Read(new StreamBytes(endless), frame));
        Assert.Equal(1, parser.Damaged);
        Assert.InRange(frame.Bytes.Capacity, 1, 2 * MjpegParser.MostFrameBytes);
    }

    /// <summary>A changed length swallows up to 64 KiB; whatever comes behind that is found.</summary>
    [Fact]
    public void After_damage_of_any_kind_whole_frames_are_found()
    {
        const int seed = 51;
        var random = new Random(seed);
        byte[] head = [.. Enumerable.Range(1, 5).SelectMany(i => TinyJpeg.Of((byte)i))];
        byte[] tail = [.. Enumerable.Range(0, 1800).SelectMany(_ => TinyJpeg.Of(7)), .. TinyJpeg.Of(8)];
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = [.. head];
            for (int hits = random.Next(1, 8); hits > 0; hits--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var frames = Parse([.. damaged, .. tail], out _);
            Assert.Equal(TinyJpeg.Parsed(8), frames[^1]);
            Assert.All(frames, f => Assert.True(f is [0xFF, 0xD8, .., 0xFF, 0xD9]));
        }
    }

    private static List<byte[]> Parse(byte[] stream, out long damaged)
    {
        var parser = new MjpegParser("stream");
        using var frame = new StreamFrame();
        var bytes = new StreamBytes(new OddPieces(stream));
        parser.Begin(bytes);
        var frames = new List<byte[]>();
        while (parser.Read(bytes, frame)) frames.Add(frame.Bytes.Room(0, frame.Length).ToArray());
        damaged = parser.Damaged;
        return frames;
    }

    private static List<byte> Marks(List<byte[]> frames) => [.. frames.Select(f => f[10])];

    /// <summary>Gives few bytes a call.</summary>
    private sealed class OddPieces(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1 + (int)(Position % 7)));
    }

    /// <summary>Never ends.</summary>
    private sealed class Repeating(byte[] bytes, byte[]? start = null) : MemoryStream
    {
        private bool _hasBegun;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (start != null && !_hasBegun)
            {
                _hasBegun = true;
                start.CopyTo(buffer, offset);
                return start.Length;
            }

            for (int i = 0; i < count; i++) buffer[offset + i] = bytes[i % bytes.Length];
            return count;
        }
    }
}
