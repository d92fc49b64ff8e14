using System.Runtime.CompilerServices;
using System.Text;

namespace ResNetEdge.Device.Native;

/// <summary>The GPIO character device, second version, as the kernel defines it; the same on x64 and arm64.</summary>
/// <remarks>Source: Linux 5.10 and later, include/uapi/linux/gpio.h.</remarks>
internal static unsafe class GpioAbi
{
    public const int NameSize = 32, MaxLines = 64, MaxAttributes = 10;
    public const ulong Used = 1, ActiveLow = 2, Input = 4, Output = 8;
    public const ulong EdgeRising = 0x10, EdgeFalling = 0x20, PullUp = 0x100, PullDown = 0x200, BiasOff = 0x400;
    public const uint OutputValuesAttribute = 2, DebounceAttribute = 3;
    public const uint RisingEdge = 1, FallingEdge = 2;

    public static readonly nuint GetChipInfo = Request(Direction.Read, 0x01, sizeof(ChipInfo));
    public static readonly nuint GetLineInfo = Request(Direction.ReadWrite, 0x05, sizeof(LineInfo));
    public static readonly nuint GetLine = Request(Direction.ReadWrite, 0x07, sizeof(LineRequest));
    public static readonly nuint SetConfig = Request(Direction.ReadWrite, 0x0D, sizeof(Config));
    public static readonly nuint GetValues = Request(Direction.ReadWrite, 0x0E, sizeof(LineValues));
    public static readonly nuint SetValues = Request(Direction.ReadWrite, 0x0F, sizeof(LineValues));

    private enum Direction
    {
        Read = 2,
        ReadWrite = 3,
    }

    /// <summary>Text of the kernel, which ends at its first zero or fills the field; what is not printable ASCII becomes a question mark.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return string.Concat(Encoding.Latin1.GetString(end < 0 ? field : field[..end]).Select(c => c is >= ' ' and <= '~' ? c : '?'));
    }

    // _IOC of include/uapi/asm-generic/ioctl.h; 0xB4 is the type of GPIO.
    private static nuint Request(Direction direction, int number, int size) =>
        ((nuint)direction << 30) | ((nuint)size << 16) | (0xB4u << 8) | (nuint)number;

    /// <summary>struct gpiochip_info.</summary>
    public struct ChipInfo
    {
        public fixed byte Name[NameSize];
        public fixed byte Label[NameSize];
        public uint Lines;
    }

    /// <summary>struct gpio_v2_line_attribute. The value of a debounce is 32 bits, the low half of this one on a little-endian machine.</summary>
    public struct Attribute
    {
        public uint Id;
        public uint Padding;
        public ulong Value;
    }

    /// <summary>struct gpio_v2_line_config_attribute.</summary>
    public struct ConfigAttribute
    {
        public Attribute Attribute;
        public ulong Mask;
    }

    /// <summary>[MaxAttributes].</summary>
    [InlineArray(MaxAttributes)]
    public struct Attributes
    {
        private Attribute _first;
    }

    /// <summary>[MaxAttributes].</summary>
    [InlineArray(MaxAttributes)]
    public struct ConfigAttributes
    {
        private ConfigAttribute _first;
    }

    /// <summary>struct gpio_v2_line_config.</summary>
    public struct Config
    {
        public ulong Flags;
        public uint AttributeCount;
        public fixed uint Padding[5];
        public ConfigAttributes Attributes;
    }

    /// <summary>struct gpio_v2_line_request.</summary>
    public struct LineRequest
    {
        public fixed uint Offsets[MaxLines];
        public fixed byte Consumer[NameSize];
        public Config Config;
        public uint LineCount;
        public uint EventBufferSize;
        public fixed uint Padding[5];
        public int Fd;
    }

    /// <summary>struct gpio_v2_line_info.</summary>
    public struct LineInfo
    {
        public fixed byte Name[NameSize];
        public fixed byte Consumer[NameSize];
        public uint Offset;
        public uint AttributeCount;
        public ulong Flags;
        public Attributes Attributes;
        public fixed uint Padding[4];
    }

    /// <summary>struct gpio_v2_line_values.</summary>
    public struct LineValues
    {
        public ulong Bits;
        public ulong Mask;
    }

    /// <summary>struct gpio_v2_line_event.</summary>
    public struct LineEvent
    {
        public ulong TimeNs;
        public uint Id;
        public uint Offset;
        public uint Sequence;
        public uint LineSequence;
        public fixed uint Padding[6];
    }
}
