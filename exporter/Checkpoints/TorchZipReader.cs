using System.IO.Compression;
using System.Text;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// torch.save since version 1.6: a zip of stored (not compressed) entries <c>NAME/data.pkl</c>,
/// <c>NAME/data/KEY</c> and, later, <c>NAME/byteorder</c>.
/// </summary>
internal static class TorchZipReader
{
    private const string PickleEntry = "data.pkl";

    /// <summary>Whether the first bytes are a zip's.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.StartsWith("PK\x3\x4"u8);

    /// <summary>Reads a checkpoint; only the storages that weights refer to are read, each into one array that its tensors share.</summary>
    /// <exception cref="EdgeException">Exit 3: whatever is wrong with the file.</exception>
    public static StateDict Read(string fileName, Stream stream)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Read(fileName, zip, stream.Length);
        }
        catch (Exception e) when (e
            is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException)
        {
            // What ZipArchive throws for a directory or an entry that is damaged.
            throw EdgeException.BadInput($"{fileName}: the zip is damaged or truncated ({e.Message}); copy it again", e);
        }
    }

    private static StateDict Read(string fileName, ZipArchive zip, long fileLength)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        if (zip.Entries.Count > StateDict.MaxTensors) throw Bad(fileName, $"more than {StateDict.MaxTensors} entries");
        foreach (var entry in zip.Entries)
            if (!entries.TryAdd(entry.FullName, entry)) throw Bad(fileName, $"two entries {FileText.Quote(entry.FullName)}");
        var pickles = entries.Keys.Where(static n => n == PickleEntry || n.EndsWith("/" + PickleEntry, StringComparison.Ordinal)).ToList();
        if (entries.ContainsKey("config.json") && entries.ContainsKey("model.weights.h5"))
            throw EdgeException.BadInput(
                $"{fileName}: a Keras 3 archive (.keras); load it and save it as HDF5 with model.save(\"model.h5\"), or export it to ONNX");
        if (entries.Keys.Any(static n => n.EndsWith("/constants.pkl", StringComparison.Ordinal)))
            throw EdgeException.BadInput($"{fileName}: a TorchScript archive, which contains a program; "
                + "save the weights with torch.save(model.state_dict(), path), or export it to ONNX");
        if (pickles is not [var pickleName]) throw Bad(fileName, $"{pickles.Count} data.pkl entries where a torch checkpoint has one");

        string folder = pickleName[..^PickleEntry.Length];
        long left = fileLength;
        byte[] Bytes(string name)
        {
            var entry = entries.GetValueOrDefault(folder + name) ?? throw Bad(fileName, $"no entry {FileText.Quote(folder + name)}");
            // Entries may not be larger than they are stored, nor overlap: together they never outgrow the file.
            if (entry.Length != entry.CompressedLength)
                throw Bad(fileName, $"the compressed entry {FileText.Quote(entry.FullName)}, but torch.save does not compress");
            if (entry.Length > Math.Min(left, Array.MaxLength))
                throw Bad(fileName, $"{entry.Length} bytes in {FileText.Quote(entry.FullName)}, more than the file has left");
            left -= entry.Length;
            var bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
            using var content = entry.Open();
            content.ReadExactly(bytes);
            // ZipArchive does not look at it.
            return Crc32.Of(bytes) == entry.Crc32 ? bytes
                : throw Bad(fileName, $"a wrong checksum for {FileText.Quote(entry.FullName)}: the file is damaged");
        }

        if (entries.ContainsKey(folder + "byteorder") && Encoding.ASCII.GetString(Bytes("byteorder")) is var order and not "little")
            throw Bad(fileName, $"the byte order {FileText.Quote(order)}; save it again on a little-endian machine");

        var ids = new StorageIds(fileName);
        object? unpickled = new Unpickler(fileName, new ByteCursor($"{fileName}, entry {pickleName}", Bytes(PickleEntry)), ids.Zip).Read();
        var loaded = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var tensors = new PickledTensorReader(fileName, fileLength + PickledTensorReader.ExtraCopyBytes, storage =>
        {
            if (loaded.TryGetValue(storage.Key, out byte[]? bytes)) return bytes;
            loaded.Add(storage.Key, bytes = Bytes("data/" + storage.Key));
            return bytes.LongLength == storage.Count * storage.Type.Size ? bytes
                : throw Bad(fileName, $"{bytes.Length} bytes in the storage {FileText.Quote(storage.Key)} where the pickle says "
                    + $"{storage.Count} elements of {storage.Type.Size}");
        });
        return StateDictSearch.Read(fileName, "torch zip", unpickled, tensors);
    }

    private static EdgeException Bad(string fileName, string found) =>
        EdgeException.BadInput($"{fileName}: a zip with {found}; give a checkpoint as torch.save wrote it");
}
