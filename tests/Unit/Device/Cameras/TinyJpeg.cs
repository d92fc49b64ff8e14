namespace ResNetEdge.Tests.Unit.Device.Cameras;

/// <summary>Bytes with the markers of a JPEG, for whoever looks no further than that.</summary>
internal static class TinyJpeg
{
    /// <summary>A frame with a thumbnail in a segment, stuffed and restarted pixels, and a mark of its own.</summary>
    public static byte[] Of(byte mark) =>
    [
        0xFF, 0xD8,
        0xFF, 0xE1, 0x00, 0x08, 0xFF, 0xD8, 0xFF, 0xD9, mark, 0x00, // APP1 with SOI and EOI inside
        0xFF, 0xFF, 0xDB, 0x00, 0x03, 0x01, // filled up before DQT
        0xFF, 0xDA, 0x00, 0x04, 0x01, 0x02, 0x11, 0xFF, 0x00, 0x22, 0xFF, 0xD0, 0x33, // SOS, pixels, a stuffed mark, RST0
        0xFF, 0xC4, 0x00, 0x02, // DHT between scans
        0xFF, 0xDA, 0x00, 0x02, 0x44,
        0xFF, 0xD9,
    ];

    /// <summary>As the parser gives it: fill bytes are not kept.</summary>
    public static byte[] Parsed(byte mark)
    {
        byte[] whole = Of(mark);
        return [.. whole[..12], .. whole[13..]];
    }
}
