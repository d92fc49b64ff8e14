using System.Runtime.CompilerServices;
using System.Text;

namespace ResNetEdge.Device.Native;

/// <summary>struct v4l2_capability, 104 bytes.</summary>
internal struct V4l2Capability
{
    public Text16 Driver;
    public Text32 Card;
    public Text32 Bus;
    public uint Version;
    public uint Capabilities;
    public uint DeviceCapabilities;
    public uint Reserved1, Reserved2, Reserved3;

    /// <summary>A driver's text for people: up to its end or its room's, with dots for what is not text.</summary>
    public static string Words(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        var words = new StringBuilder();
        foreach (char c in Encoding.UTF8.GetString(end < 0 ? text : text[..end]))
            words.Append(char.IsControl(c) || c == '\uFFFD' ? '.' : c);
        return words.ToString().Trim();
    }

    /// <summary>16 bytes of text.</summary>
    [InlineArray(16)]
    internal struct Text16
    {
        private byte _first;
    }

    /// <summary>32 bytes of text.</summary>
    [InlineArray(32)]
    internal struct Text32
    {
        private byte _first;
    }
}
