using System.Buffers.Binary;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

public class BmpTests
{
    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(24, false)]
    [InlineData(24, true)]
    [InlineData(32, false)]
    [InlineData(32, true)]
    public void Rows_come_from_the_top_in_red_green_blue(int bits, bool topDown)
    {
        var random = new Random(bits);
        for (int width = 1; width < 9; width++)
        {
            byte[] rgb = new byte[width * 3 * 3];
            random.NextBytes(rgb);
            (int gotWidth, int gotHeight, int channels, byte[] pixels) = Decoding.Decode(Make(width, 3, bits, topDown, rgb));
            Assert.Equal((width, 3, 3), (gotWidth, gotHeight, channels));
            Assert.Equal(rgb, pixels);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(32)]
    public void Cut_or_changed_files_are_refused_or_decoded(int bits) => Decoding.Fuzz(Make(3, 4, bits, false, new byte[36]), seed: bits);

    [Fact]
    public void A_size_that_the_file_cannot_hold_is_refused()
    {
        byte[] file = Make(3, 4, 24, false, new byte[36]);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), 30_000);
        Assert.Contains("truncated", Decoding.Refused(file).Message, StringComparison.Ordinal);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), int.MinValue);
        Assert.Contains("30000x2147483648", Decoding.Refused(file).Message, StringComparison.Ordinal);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), -3);
        Assert.Contains("-3x", Decoding.Refused(file).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_and_other_depths_are_refused_by_name()
    {
        byte[] file = Make(3, 4, 8, false, new byte[36]);
        file[30] = 1;
        Assert.Contains("compression 1", Decoding.Refused(file).Message, StringComparison.Ordinal);
        file[30] = 0;
        file[28] = 4;
        Assert.Contains("4 bits", Decoding.Refused(file).Message, StringComparison.Ordinal);
    }

    /// <summary>A Windows 3 bitmap; 8 bits get a palette of the picture's own colors.</summary>
    private static byte[] Make(int width, int height, int bits, bool topDown, byte[] rgb)
    {
        int paletteBytes = bits == 8 ? 4 * width * height : 0;
        int rowBytes = ((width * bits) + 31) / 32 * 4;
        byte[] file = new byte[54 + paletteBytes + (rowBytes * height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54 + paletteBytes);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), topDown ? -height : height);
        file[28] = (byte)bits;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(46), paletteBytes / 4);
        for (int i = 0; i < width * height; i++)
        {
            int line = topDown ? i / width : height - 1 - (i / width);
            int at = 54 + paletteBytes + (line * rowBytes) + (i % width * bits / 8);
            if (bits == 8)
            {
                file[at] = (byte)i;
                at = 54 + (4 * i);
            }

            (file[at], file[at + 1], file[at + 2]) = (rgb[(3 * i) + 2], rgb[(3 * i) + 1], rgb[3 * i]);
        }

        return file;
    }
}
