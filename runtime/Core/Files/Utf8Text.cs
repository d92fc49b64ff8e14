using System.Text;
using System.Text.Unicode;

namespace ResNetEdge.Files;

/// <summary>Text files from outside, which are UTF-8 with or without a byte order mark; anything else is refused, never guessed at.</summary>
internal static class Utf8Text
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>The text of a file.</summary>
    /// <param name="bytes">Of the whole file.</param>
    /// <param name="file">Named in the refusal.</param>
    /// <exception cref="EdgeException">Exit 3: it is not UTF-8; the message names the first line and byte that are not.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string file) =>
        Fault(bytes) is { } fault ? throw EdgeException.BadInput($"{file}: {fault}") : Encoding.UTF8.GetString(WithoutMark(bytes));

    /// <summary>What keeps bytes from being UTF-8 text, as the rest of a sentence that begins with the file; null when nothing does.</summary>
    public static string? Fault(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, ..] or [not 0, 0, ..])
            return "the text is UTF-16 (what Windows calls Unicode); save it as UTF-8";
        if (Utf8.IsValid(bytes)) return null;
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == System.Buffers.OperationStatus.Done) at += length;
        return $"line {bytes[..at].Count((byte)'\n') + 1} contains the byte 0x{bytes[at]:X2}, which is not UTF-8; save the file as UTF-8";
    }

    /// <summary>The bytes behind a byte order mark, if there is one.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Mark) ? bytes[Mark.Length..] : bytes;
}
