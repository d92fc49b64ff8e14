using ResNetEdge.Pixels;

namespace ResNetEdge.Tests.Data;

/// <summary>Pictures for tests, decoded already.</summary>
internal static class PictureMaker
{
    /// <summary>A picture of the given pixels, [height][width][channels].</summary>
    public static Picture Of(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        var picture = new Picture();
        picture.Reset("made", width, height, channels);
        pixels.CopyTo(picture.Pixels);
        return picture;
    }

    /// <summary>A picture of one value everywhere.</summary>
    public static Picture Flat(int width, int height, int channels, byte value)
    {
        var picture = Of(width, height, channels, []);
        picture.Pixels.Fill(value);
        return picture;
    }

    /// <summary>A picture of noise, with many extremes.</summary>
    public static Picture Noise(int width, int height, int channels, Random random)
    {
        Picture picture = Of(width, height, channels, []);
        foreach (ref byte value in picture.Pixels)
        {
            value = random.Next(4) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };
        }

        return picture;
    }
}
