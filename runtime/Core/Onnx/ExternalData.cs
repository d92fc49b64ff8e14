using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>
/// Tensor data kept in files beside the model (<c>external_data</c>: location, offset, length). Every such file is read once and
/// shared by all tensors in it, so that memory is bounded by what lies on the disk whatever the model claims.
/// </summary>
internal sealed class ExternalData(OnnxSource source)
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>The bytes of one tensor.</summary>
    /// <exception cref="EdgeException">Exit 3: no folder, a location outside it, or a range outside the file.</exception>
    public ReadOnlyMemory<byte> Read(IEnumerable<StringStringEntryProto> entries, long byteCount, string what)
    {
        string? location = null;
        long offset = 0, length = byteCount;
        foreach (var entry in entries)
        {
            switch (entry.Key)
            {
                case "location": location = entry.Value; break;
                case "offset": offset = Number(entry, what); break;
                case "length": length = Number(entry, what); break;
                default: break; // "checksum" and whatever may come: of no use for finding the bytes
            }
        }

        if (string.IsNullOrEmpty(location)) throw source.Fail($"{what} has external data without a location");
        if (length != byteCount) throw source.Fail($"{what} has {length} bytes of external data where its shape needs {byteCount}");
        byte[] file = Open(location, what);
        return offset <= file.Length && length <= file.Length - offset
            ? file.AsMemory((int)offset, (int)length)
            : throw source.Fail($"{what} is at bytes {offset} to {offset + length} of '{location}', which has {file.Length}");
    }

    private long Number(StringStringEntryProto entry, string what) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw source.Fail($"{what} has external data with {entry.Key} '{entry.Value}', which is not a number");

    private byte[] Open(string location, string what)
    {
        if (_files.TryGetValue(location, out byte[]? known)) return known;
        if (source.Folder is null) throw source.Fail($"{what} has external data ('{location}'), which works only for a model in its own folder");
        string folder = Path.GetFullPath(source.Folder);
        if (Path.IsPathRooted(location) || location.Contains('\\') || location.Contains('\0') || location.Split('/').Contains(".."))
            throw source.Fail($"{what} has external data at '{location}', outside the model's folder");
        string path = Path.GetFullPath(Path.Combine(folder, location));
        try
        {
            // A link may point anywhere, also one on the way to the file.
            for (string? part = path; part is not null && part.Length > folder.Length; part = Path.GetDirectoryName(part))
            {
                if (new FileInfo(part).LinkTarget is not null) throw source.Fail($"{what} has external data at '{location}', which is a link");
            }

            if (!File.Exists(path)) throw source.Fail($"{what} has external data in '{location}', which is missing");
            return _files[location] = RegularFile.ReadAllBytes(path, Array.MaxLength);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw source.Fail($"{what} has external data in '{location}', which cannot be read: {e.Message}", e);
        }
    }
}
