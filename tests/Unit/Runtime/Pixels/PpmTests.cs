using System.Text;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

public class PpmTests
{
    [Fact]
    public void Raw_color()
    {
        (int width, int height, int channels, byte[] pixels) = Decoding.Decode([.. "P6\n# made by hand\n2 1 255\n"u8, 1, 2, 3, 4, 5, 255]);
        Assert.Equal((2, 1, 3), (width, height, channels));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 255 }, pixels);
    }

    [Fact]
    public void Raw_gray_may_hold_bytes_that_look_like_a_comment()
        => Assert.Equal("# \n"u8.ToArray(), Decoding.Decode("P5 3 1 255 # \n"u8).Pixels);

    [Fact]
    public void Plain_color_and_gray()
    {
        Assert.Equal(new byte[] { 1, 2, 3, 250, 255, 0 }, Decoding.Decode("P3 # plain\n1 2\n255\n1 2 3 # first\n250\t255\r\n0"u8).Pixels);
        Assert.Equal(new byte[] { 7, 8 }, Decoding.Decode("P2\n2 1\n255\n7 8\n"u8).Pixels);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(65535)]
    public void Other_maxima_are_scaled_and_rounded(int maximum)
    {
        int[] samples = [0, maximum / 3, maximum / 2, maximum];
        byte[] expected = [.. samples.Select(s => (byte)Math.Round((double)s / maximum * 255))];
        Assert.Equal(expected, Decoding.Decode(Encoding.ASCII.GetBytes($"P2 4 1 {maximum} {string.Join(' ', samples)}")).Pixels);
        byte[] raw = [.. samples.SelectMany(s => maximum < 256 ? new[] { (byte)s } : [(byte)(s >> 8), (byte)s])];
        Assert.Equal(expected, Decoding.Decode([.. Encoding.ASCII.GetBytes($"P5 4 1 {maximum} "), .. raw]).Pixels);
    }

    [Fact]
    public void Cut_or_changed_files_are_refused_or_decoded()
    {
        Decoding.Fuzz([.. "P6 3 2 255\n"u8, .. new byte[18]], seed: 5);
        Decoding.Fuzz("P2 3 2 255 1 2 3 4 5 6"u8.ToArray(), seed: 6);
        Decoding.Fuzz([.. "P5 3 2 1000\n"u8, .. new byte[12]], seed: 7);
    }

    [Theory]
    [InlineData("P6 30000 30000 255 ", "30000x30000")]
    [InlineData("P6 0 3 255 ", "0x3")]
    [InlineData("P6 99999999999999999999 3 255 ", "width")]
    [InlineData("P6 2000000000 2000000000 255 ", "2000000000x2000000000")]
    [InlineData("P6 -1 3 255 ", "width")]
    [InlineData("P6 3 3 0 ", "up to 0")]
    [InlineData("P6 3 3 65536 ", "up to 65536")]
    [InlineData("P5 2 1 60 ab", "maximum is 60")]
    [InlineData("P2 2 1 10 5 11", "sample is 11")]
    [InlineData("P2 2 1 10 5 x", "sample")]
    [InlineData("P6 30000 2 255 ", "truncated")]
    public void Nonsense_is_refused_with_what_was_found(string file, string found)
        => Assert.Contains(found, Decoding.Refused(Encoding.ASCII.GetBytes(file)).Message, StringComparison.Ordinal);
}
