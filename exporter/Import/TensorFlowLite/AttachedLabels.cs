using System.Buffers.Binary;
using System.IO.Compression;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Files;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Class names that a TensorFlow Lite file may carry: a zip appended to it that holds one text file, a name a line.</summary>
/// <remarks>"Adding metadata to TensorFlow Lite models": associated files. A file that carries
/// none, or lines that are not names, has no labels.</remarks>
internal static class AttachedLabels
{
    private const long MaxBytes = 1 << 20;

    private static ReadOnlySpan<byte> EndOfArchive => "PK\u0005\u0006"u8;

    // The end record is 22 bytes and a comment of up to 65,535, whose length stands in its last two bytes.
    private const int EndBytes = 22, DirectorySizeAt = 12, DirectoryOffsetAt = 16, CommentLengthAt = 20;

    /// <summary>The names, empty when there are none.</summary>
    public static IReadOnlyList<string> Read(string path, ReadOnlyMemory<byte> file)
    {
        if (Start(file.Span) is not { } start) return [];
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file[start..].ToArray(), writable: false), ZipArchiveMode.Read);
            var texts = archive.Entries.Where(
                static e => e.FullName.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && e.Length is > 0 and <= MaxBytes).ToList();
            if (texts.Count != 1) return [];
            byte[] text = new byte[texts[0].Length];
            using var stream = texts[0].Open();
            stream.ReadExactly(text);
            string[] lines = LabelFile.Lines(Utf8Text.Decode(text, $"{path}, {FileText.Quote(texts[0].FullName)}"));
            return Array.TrueForAll(lines, LabelFile.IsName) ? lines : [];
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw EdgeException.BadInput($"{path}: the archive appended to the model is damaged ({e.Message}); copy the file again", e);
        }
    }

    // Some tools count an archive's offsets from the begin of the file, some from the begin of the archive.
    private static int? Start(ReadOnlySpan<byte> file)
    {
        int from = Math.Max(0, file.Length - EndBytes - ushort.MaxValue), at = file[from..].LastIndexOf(EndOfArchive) + from;
        if (at < from || file.Length - at < EndBytes
            || file.Length - at - EndBytes != BinaryPrimitives.ReadUInt16LittleEndian(file[(at + CommentLengthAt)..]))
            return null;
        long start = at - (long)BinaryPrimitives.ReadUInt32LittleEndian(file[(at + DirectorySizeAt)..])
            - BinaryPrimitives.ReadUInt32LittleEndian(file[(at + DirectoryOffsetAt)..]);
        return start >= 0 ? (int)start : null;
    }
}
