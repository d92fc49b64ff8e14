using ResNetEdge.Pixels;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

/// <summary>What the tests of picture formats share.</summary>
internal static class Decoding
{
    /// <summary>Decodes, and copies the pixels.</summary>
    public static (int Width, int Height, int Channels, byte[] Pixels) Decode(ReadOnlySpan<byte> coded)
    {
        using var picture = new Picture();
        PictureReader.Decode("picture", coded, picture);
        return (picture.Width, picture.Height, picture.Channels, picture.Pixels.ToArray());
    }

    /// <summary>Decodes bytes that must be refused as bad input, with a sentence that names the file first.</summary>
    public static EdgeException Refused(ReadOnlySpan<byte> coded)
    {
        using var picture = new Picture();
        try
        {
            PictureReader.Decode("some/picture", coded, picture);
        }
        catch (EdgeException refusal)
        {
            Assert.Equal(FailureKind.BadInput, refusal.Kind);
            Assert.StartsWith("some/picture: ", refusal.Message, StringComparison.Ordinal);
            return refusal;
        }

        throw new Xunit.Sdk.XunitException($"{coded.Length} bytes were decoded that should be refused");
    }

    /// <summary>Decodes bytes that may be a picture or not: nothing but a refusal as bad input may come of it.</summary>
    /// <returns>Whether they were decoded.</returns>
    public static bool DecodesOrRefuses(ReadOnlySpan<byte> coded)
    {
        using var picture = new Picture();
        try
        {
            PictureReader.Decode("some/picture", coded, picture);
            return true;
        }
        catch (EdgeException refusal)
        {
            Assert.Equal(FailureKind.BadInput, refusal.Kind);
            return false;
        }
    }

    /// <summary>Every shorter beginning of a file must be refused; every file with some bytes changed must be decoded or refused.</summary>
    public static void Fuzz(byte[] coded, int seed)
    {
        for (int length = 0; length < coded.Length; length++)
        {
            _ = Refused(coded.AsSpan(0, length));
        }

        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            byte[] changed = [.. coded];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            _ = DecodesOrRefuses(changed);
        }
    }
}
