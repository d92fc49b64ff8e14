using System.Text;
using ResNetEdge.Files;

namespace ResNetEdge.Tests.Unit.Runtime.Files;

public class Utf8TextTests
{
    public static TheoryData<byte[], string> Foreign => new()
    {
        { [.. "cat\nd"u8, 0xF6, .. "g\n"u8], "f: line 2 contains the byte 0xF6, which is not UTF-8" },
        { [0xE4], "f: line 1 contains the byte 0xE4" },
        { [.. "a\r\nb\r\nc"u8, 0xC3], "f: line 3 contains the byte 0xC3" }, // cut in the middle of a letter
        { [.. "a\n"u8, 0xED, 0xA0, 0x80], "f: line 2 contains the byte 0xED" }, // half a surrogate pair
        { [0xC0, 0xAF], "f: line 1 contains the byte 0xC0" }, // overlong
        { [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("cat\n")], "f: the text is UTF-16" },
        { [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("cat\n")], "f: the text is UTF-16" },
        { Encoding.Unicode.GetBytes("cat\n"), "f: the text is UTF-16" },
        { Encoding.BigEndianUnicode.GetBytes("cat\n"), "f: the text is UTF-16" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Text_that_is_not_UTF8_is_refused_with_its_line_and_byte(byte[] bytes, string says)
    {
        var refused = Assert.Throws<EdgeException>(() => Utf8Text.Decode(bytes, "f"));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.StartsWith(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("chat\nHündin\n犬\n🐕\n")]
    [InlineData("\uFFFD")]
    public void Text_that_is_UTF8_is_read_with_and_without_a_byte_order_mark(string text)
    {
        Assert.Equal(text, Utf8Text.Decode(Encoding.UTF8.GetBytes(text), "f"));
        Assert.Equal(text, Utf8Text.Decode([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)], "f"));
    }
}
