using System.Buffers.Binary;

namespace ResNetEdge.Pixels;

/// <summary>
/// Netpbm gray and color maps, plain (P2, P3) and raw (P5, P6). Samples of another maximum than 255 are scaled: round(sample · 255 / maximum).
/// </summary>
/// <remarks>Source: Netpbm's pages pgm(5) and ppm(5). A file with more bytes than its picture is read up to the picture's end, as there.</remarks>
internal sealed class Ppm : PictureFormat
{
    public override string Name => "PPM/PGM";

    public override bool Begins(ReadOnlySpan<byte> coded)
        => coded.Length >= 3 && coded[0] == 'P' && coded[1] is (byte)'2' or (byte)'3' or (byte)'5' or (byte)'6'
            && (IsSpace(coded[2]) || coded[2] == '#');

    public override void Decode(string file, ReadOnlySpan<byte> coded, Picture into)
    {
        bool plain = coded[1] < '5';
        int channels = coded[1] is (byte)'3' or (byte)'6' ? 3 : 1;
        int at = 2;
        int width = Number(file, coded, ref at, "width");
        int height = Number(file, coded, ref at, "height");
        int maximum = Number(file, coded, ref at, "maximum");
        if (maximum is < 1 or > 65535)
        {
            throw EdgeException.BadInput($"{file}: a PPM whose samples go up to {maximum}; 1 to 65535 are supported");
        }

        if (!plain && (at >= coded.Length || !IsSpace(coded[at++])))
        {
            throw Truncated(file);
        }

        int sampleBytes = maximum < 256 ? 1 : 2;
        Picture.CheckSize(file, width, height);
        long leastBytes = ((long)width * height * channels * (plain ? 2 : sampleBytes)) - (plain ? 1 : 0);
        if (coded.Length - at < leastBytes)
        {
            throw Truncated(file);
        }

        into.Reset(file, width, height, channels);
        Span<byte> pixels = into.Pixels;
        if (plain)
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = Scale(file, Number(file, coded, ref at, "sample"), maximum);
            }
        }
        else if (maximum == 255)
        {
            coded.Slice(at, pixels.Length).CopyTo(pixels);
        }
        else
        {
            for (int i = 0; i < pixels.Length; i++, at += sampleBytes)
            {
                int sample = sampleBytes == 1 ? coded[at] : BinaryPrimitives.ReadUInt16BigEndian(coded[at..]);
                pixels[i] = Scale(file, sample, maximum);
            }
        }
    }

    private static EdgeException Truncated(string file) => EdgeException.BadInput($"{file}: a truncated PPM; it ends before its last pixel");

    private static bool IsSpace(byte letter) => letter is (byte)' ' or (>= 9 and <= 13);

    private static byte Scale(string file, int sample, int maximum) => sample <= maximum
        ? (byte)Math.Round((double)sample / maximum * 255)
        : throw EdgeException.BadInput($"{file}: a damaged PPM; a sample is {sample} and the maximum is {maximum}");

    /// <summary>The next decimal number, after white space and comments (from # to the end of the line).</summary>
    private static int Number(string file, ReadOnlySpan<byte> coded, ref int at, string what)
    {
        while (at < coded.Length && (IsSpace(coded[at]) || coded[at] == '#'))
        {
            if (coded[at] == '#')
            {
                int end = coded[at..].IndexOfAny((byte)'\n', (byte)'\r');
                at = end < 0 ? coded.Length : at + end;
            }
            else
            {
                at++;
            }
        }

        int start = at;
        long value = 0;
        for (; at < coded.Length && char.IsAsciiDigit((char)coded[at]) && value <= int.MaxValue; at++)
        {
            value = (value * 10) + (coded[at] - '0');
        }

        if (at == coded.Length && start == at)
        {
            throw Truncated(file);
        }

        return start < at && value <= int.MaxValue
            ? (int)value
            : throw EdgeException.BadInput($"{file}: a damaged PPM; its {what} at byte {start} is not a valid number");
    }
}
