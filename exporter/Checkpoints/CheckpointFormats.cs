using ResNetEdge.Device;
using ResNetEdge.Files;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// The table of checkpoint formats, told by a file's first bytes and never by its extension. ONNX
/// is a model, not a checkpoint, and is read elsewhere.
/// </summary>
internal static class CheckpointFormats
{
    /// <summary>First bytes that a format may look at; a tar's magic stands at 257.</summary>
    public const int HeadLength = 512;

    /// <summary>All formats; the first that matches reads the file.</summary>
    public static IReadOnlyList<CheckpointFormat> All { get; } =
    [
        new("torch zip", TorchZipReader.Matches, TorchZipReader.Read),
        new("torch legacy", TorchLegacyReader.Matches, TorchLegacyReader.Read),
        new("safetensors", SafetensorsReader.Matches, SafetensorsReader.Read),
        new("torch tar", TorchTarReader.Matches, TorchTarReader.Read),
        new("bare pickle", BarePickleReader.Matches, BarePickleReader.Read),
    ];

    /// <summary>The format of a file, or null when it is not a torch or safetensors checkpoint (it may be ONNX then).</summary>
    /// <exception cref="EdgeException">Exit 3: there is no such file; exit 5: it may not be read.</exception>
    public static CheckpointFormat? Find(string path)
    {
        using var stream = Open(path);
        return Find(stream);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <exception cref="EdgeException">Exit 3: no such file, no checkpoint, damaged, hostile, or
    /// with weights that are NaN or infinite; exit 5: it may not be read.</exception>
    public static StateDict Read(string path)
    {
        using var stream = Open(path);
        return Read(path, stream);
    }

    /// <summary>Reads a checkpoint from a seekable stream, from the beginning.</summary>
    /// <exception cref="EdgeException">As for a path.</exception>
    public static StateDict Read(string fileName, Stream stream)
    {
        if (stream.Length == 0) throw EdgeException.BadInput($"{fileName}: the file is empty; copy it again");
        MistakenFile.Refuse(fileName, Head(stream, stackalloc byte[MistakenFile.HeadLength]));
        var format = Find(stream) ?? throw EdgeException.BadInput(
            $"{fileName}: not a checkpoint: its first bytes match none of {string.Join(", ", All.Select(static f => f.Name))}; "
                + "use a .th, .pt, .pth or .safetensors file");
        stream.Position = 0;
        try
        {
            return format.Read(fileName, stream);
        }
        catch (IOException e) when (stream is FileStream)
        {
            throw EdgeException.BadInput($"{fileName}: the file cannot be read completely ({e.Message}); copy it again", e);
        }
    }

    /// <summary>All bytes of a stream in one array.</summary>
    /// <exception cref="EdgeException">Exit 3: larger than 2 GiB, which is beyond what this reader holds in memory.</exception>
    internal static byte[] ReadAll(string fileName, Stream stream)
    {
        if (stream.Length > Array.MaxLength)
            throw EdgeException.BadInput(
                $"{fileName}: {stream.Length} bytes are more than the {Array.MaxLength} read at once; save the weights without the optimizer");
        var bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static CheckpointFormat? Find(Stream stream)
    {
        var head = Head(stream, stackalloc byte[HeadLength]);
        foreach (var format in All)
            if (format.Matches(head)) return format;
        return null;
    }

    private static ReadOnlySpan<byte> Head(Stream stream, Span<byte> buffer)
    {
        stream.Position = 0;
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private static FileStream Open(string path)
    {
        try
        {
            return !Directory.Exists(path) ? RegularFile.Open(path)
                : throw EdgeException.BadInput($"{path}: is a folder, not a checkpoint file");
        }
        catch (UnauthorizedAccessException e)
        {
            throw EdgeException.Unavailable($"{path}: no permission to read it", e);
        }
        catch (IOException e)
        {
            throw EdgeException.BadInput($"{path}: cannot be opened ({e.Message})", e);
        }
    }
}
