using System.Text;

namespace ResNetEdge.Files;

/// <summary>Files that stand where a model or a picture belongs because a download went wrong, told by their first bytes.</summary>
internal static class MistakenFile
{
    /// <summary>First bytes that are looked at.</summary>
    public const int HeadLength = 64;

    private const string Instead = "instead of the requested file; download the file itself";

    /// <summary>What the file is and what to do, as the rest of a sentence that begins with the file; null when it is none of these.</summary>
    /// <param name="head">The first bytes, <see cref="HeadLength"/> of them if there are so many.</param>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("version https://git-lfs.github.com/spec/"u8))
            return "the file is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository, or download the file";
        if (head is [0x1F, 0x8B, ..]) return "the file is compressed with gzip; unpack it with 'gunzip', or 'tar xzf' if it is an archive";
        string text = Encoding.Latin1.GetString(Utf8Text.WithoutMark(head[..Math.Min(head.Length, HeadLength)])).TrimStart();
        if (Begins(text, "<!doctype html") || Begins(text, "<html") || Begins(text, "<head"))
            return $"the file is a web page, such as a login or error page, {Instead}";
        if (Begins(text, "<?xml")) return $"the file is an XML document, such as an error from a file store, {Instead}";
        return Begins(text, "{\"error") || Begins(text, "{\"message") ? $"the file is an error message from a web service (JSON) {Instead}" : null;
    }

    /// <summary>Refuses such a file.</summary>
    /// <param name="file">Named in the refusal.</param>
    /// <param name="bytes">The file, or its first bytes.</param>
    /// <exception cref="EdgeException">Exit 3.</exception>
    public static void Refuse(string file, ReadOnlySpan<byte> bytes)
    {
        if (Of(bytes) is { } what) throw EdgeException.BadInput($"{file}: {what}");
    }

    private static bool Begins(string text, string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);
}
