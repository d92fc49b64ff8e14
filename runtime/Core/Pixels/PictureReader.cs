using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Files;

namespace ResNetEdge.Pixels;

/// <summary>Reads picture files, one after the other, into memory that is used again. Not thread-safe.</summary>
internal sealed unsafe class PictureReader : IDisposable
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const long MaxFileBytes = 256L << 20;

    private readonly NativeBuffer _coded = new();

    /// <summary>Reads and decodes a file.</summary>
    /// <param name="path">Of the file; the format is told by its first bytes.</param>
    /// <param name="into">Receives gray or RGB; EXIF orientation and color profiles are not applied, alpha is dropped.</param>
    /// <exception cref="EdgeException">Exit 3: not there, not readable, no picture, damaged or too large. Exit 5: a library is missing.</exception>
    public void Read(string path, Picture into)
    {
        int file = RegularFile.TryOpen(path, out var kind);
        if (file < 0)
        {
            throw EdgeException.BadInput(kind is FileKind.Regular or FileKind.Missing
                ? $"{path}: cannot be opened ({PosixFile.LastError()})"
                : $"{path}: is {RegularFile.Named(kind)}, not a picture");
        }

        long length;
        try
        {
            length = ReadAll(path, file);
        }
        finally
        {
            _ = PosixFile.Close(file);
        }

        Decode(path, new ReadOnlySpan<byte>(_coded.Data, (int)length), into);
        GC.KeepAlive(this); // the file's bytes are in use up to here
    }

    /// <summary>Decodes a file that is in memory.</summary>
    /// <param name="file">Named in refusals.</param>
    /// <param name="coded">The whole file.</param>
    /// <param name="into">As for <see cref="Read"/>.</param>
    /// <exception cref="EdgeException">As for <see cref="Read"/>.</exception>
    public static void Decode(string file, ReadOnlySpan<byte> coded, Picture into)
    {
        if (coded.IsEmpty)
        {
            throw EdgeException.BadInput($"{file}: the file is empty");
        }

        PictureFormat format = PixelFormats.Of(coded) ?? throw Unknown(file, coded);
        format.Decode(file, coded, into);
    }

    /// <inheritdoc/>
    public void Dispose() => _coded.Dispose();

    private static EdgeException Unknown(string file, ReadOnlySpan<byte> coded) => EdgeException.BadInput(MistakenFile.Of(coded) is { } mistake
        ? $"{file}: {mistake}"
        : $"{file}: not a supported picture format (it begins with the bytes {Convert.ToHexString(coded[..Math.Min(coded.Length, 4)])}); "
            + $"use one of {string.Join(", ", PixelFormats.All.Select(known => known.Name))}");

    private long ReadAll(string path, int file)
    {
        long length = PosixFile.Length(file);
        if (length is < 0 or > MaxFileBytes)
        {
            throw EdgeException.BadInput(length < 0
                ? $"{path}: cannot be read ({PosixFile.LastError()})"
                : $"{path}: {length} bytes; at most {MaxFileBytes >> 20} MiB are supported for a picture");
        }

        long got = PosixFile.Read(file, _coded.Reserve(length), length);
        return got == length
            ? length
            : throw EdgeException.BadInput($"{path}: cannot be read ({(got < 0 ? PosixFile.LastError() : "it was truncated while being read")})");
    }
}
