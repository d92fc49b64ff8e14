using System.Numerics;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// torch.save of before version 1.6: the pickles magic number, protocol version, system information, object, storage keys;
/// then per key the element count (s64) and the elements, all little-endian.
/// </summary>
internal static class TorchLegacyReader
{
    private const long ProtocolVersion = 1001;
    private const int MagicWithin = 24; // behind PROTO, maybe FRAME, and the integer's length

    private static readonly byte[] MagicBytes = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
    private static readonly BigInteger Magic = new(MagicBytes);

    /// <summary>Whether the first bytes are a pickle of the magic number.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) =>
        head is [0x80, ..] && head[..Math.Min(head.Length, MagicWithin)].IndexOf(MagicBytes) >= 0
        || head.StartsWith("L119547037146038801333356L\n"u8);

    /// <summary>Reads a checkpoint; contiguous tensors share the one array that holds the file.</summary>
    /// <exception cref="EdgeException">Exit 3: whatever is wrong with the file.</exception>
    public static StateDict Read(string fileName, Stream stream)
    {
        var bytes = CheckpointFormats.ReadAll(fileName, stream);
        var cursor = new ByteCursor(fileName, bytes);
        object? Plain() => new Unpickler(fileName, cursor, _ => throw Bad(fileName, "a storage where none is expected")).Read();

        if (Plain() is not BigInteger magic || magic != Magic) throw Bad(fileName, "a wrong magic number");
        if (Plain() is not ProtocolVersion) throw Bad(fileName, "a protocol version other than 1001");
        if (Plain() is not PickledDictionary system) throw Bad(fileName, "no system information");
        if (system["little_endian"] is not true)
            throw Bad(fileName, "big-endian storages, which are not supported; save it again on a little-endian machine");

        var storages = new StorageIds(fileName);
        object? unpickled = new Unpickler(fileName, cursor, storages.Legacy).Read();
        if (Plain() is not List<object?> keys) throw Bad(fileName, "no list of storage keys");
        var data = Storages(fileName, cursor, storages, keys);

        var tensors = new PickledTensorReader(fileName, bytes.Length + PickledTensorReader.ExtraCopyBytes, storage =>
        {
            var whole = data.TryGetValue(storage.Key, out var found) ? found
                : throw Bad(fileName, $"no data for the storage {FileText.Quote(storage.Key)}");
            return whole.Slice(checked((int)(storage.Offset * storage.Type.Size)), checked((int)(storage.Count * storage.Type.Size)));
        });
        return StateDictSearch.Read(fileName, "torch legacy", unpickled, tensors);
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Storages(string fileName, ByteCursor cursor, StorageIds storages, List<object?> keys)
    {
        var data = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (object? item in keys)
        {
            if (item is not string key || storages.Root(key) is not { } root) throw Bad(fileName, "a storage that no tensor refers to");
            long count = cursor.Int64();
            if (count != root.Count) throw Bad(fileName, $"{count} elements in the storage {FileText.Quote(key)} where the pickle says {root.Count}");
            if (count > cursor.Remaining / root.Type.Size)
                throw Bad(fileName, $"a storage {FileText.Quote(key)} of {count} elements where {cursor.Remaining} bytes are left; it is truncated");
            if (!data.TryAdd(key, cursor.Take(count * root.Type.Size))) throw Bad(fileName, $"the storage {FileText.Quote(key)} twice");
        }

        return data;
    }

    private static EdgeException Bad(string fileName, string found) =>
        EdgeException.BadInput($"{fileName}: a torch checkpoint (format before 1.6) with {found}; copy or save it again");
}
