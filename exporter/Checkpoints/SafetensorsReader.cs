using System.Buffers.Binary;
using System.Text.Json;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// safetensors: header length (u64), a JSON header (name to dtype, shape, data_offsets; optional __metadata__), then the tensors' bytes, gapless.
/// All little-endian. Source: the format section of huggingface/safetensors' README.
/// </summary>
internal static class SafetensorsReader
{
    /// <summary>The format's own limit.</summary>
    private const int MaxHeaderBytes = 100_000_000;

    private const int LengthBytes = sizeof(ulong);
    private const int MaxJsonDepth = 4;
    private const int MaxRank = 8;

    /// <summary>Whether the first bytes are a header's length and its opening brace.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length > LengthBytes && head[LengthBytes] == (byte)'{';

    /// <summary>Reads a checkpoint; tensors share the one array that holds the file.</summary>
    /// <exception cref="EdgeException">Exit 3: whatever is wrong with the file.</exception>
    public static StateDict Read(string fileName, Stream stream)
    {
        var bytes = CheckpointFormats.ReadAll(fileName, stream);
        if (bytes.Length < LengthBytes) throw Bad(fileName, "no header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > MaxHeaderBytes || length > (ulong)(bytes.Length - LengthBytes))
            throw Bad(fileName, $"a header of {length} bytes in a file of {bytes.Length} (and at most {MaxHeaderBytes} are allowed)");

        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        List<Entry> entries;
        try
        {
            entries = Header(fileName, bytes.AsSpan(LengthBytes, (int)length), metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw EdgeException.BadInput($"{fileName}: the safetensors header is not valid JSON ({e.Message}); copy the file again", e);
        }

        var data = bytes.AsMemory(LengthBytes + (int)length);
        CheckGapless(fileName, entries, data.Length);
        AddShared(entries, metadata);
        int strip = StateDictSearch.WrapperLength([.. entries.Select(static e => e.Name)]);
        return new StateDict(
            fileName, "safetensors", entries.Select(e => new KeyValuePair<string, Tensor>(e.Name[strip..], Load(e, data))), metadata);
    }

    private static List<Entry> Header(string fileName, ReadOnlySpan<byte> json, SortedDictionary<string, string> metadata)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxJsonDepth });
        var entries = new List<Entry>();
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (entries.Count + metadata.Count >= StateDict.MaxTensors) throw Bad(fileName, $"more than {StateDict.MaxTensors} tensors");
            Expect(ref reader, JsonTokenType.StartObject);
            if (name == "__metadata__")
            {
                while (Next(ref reader) == JsonTokenType.PropertyName)
                {
                    string key = reader.GetString()!;
                    Expect(ref reader, JsonTokenType.String);
                    metadata[key] = reader.GetString()!;
                }
            }
            else
            {
                entries.Add(ReadEntry(fileName, name, ref reader));
            }
        }

        if (reader.Read()) throw new JsonException("text after the header");
        return entries;
    }

    private static Entry ReadEntry(string fileName, string name, ref Utf8JsonReader reader)
    {
        string? dtype = null;
        long[]? shape = null, offsets = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            switch (field)
            {
                case "dtype": Expect(ref reader, JsonTokenType.String); dtype = reader.GetString(); break;
                case "shape": shape = Integers(ref reader); break;
                case "data_offsets": offsets = Integers(ref reader); break;
                default: throw Bad(fileName, $"the unknown field {FileText.Quote(field)} for {FileText.Quote(name)}");
            }
        }

        string quoted = FileText.Quote(name);
        if (dtype is null || shape is null || offsets is not [var begin, var end])
            throw Bad(fileName, $"no dtype, shape or data_offsets for {quoted}");
        var type = StoredType.OfSafetensors.GetValueOrDefault(dtype)
            ?? throw Bad(fileName, $"the dtype {FileText.Quote(dtype)} for {quoted}, which is not supported");
        if (shape.Any(static d => d is < 0 or > int.MaxValue)) throw Bad(fileName, $"a dimension out of range for {quoted}");
        Int128 count = shape.Aggregate((Int128)1, static (product, d) => product > Shape.MaxElements ? product : product * d);
        if (count > Shape.MaxElements) throw Bad(fileName, $"more than {Shape.MaxElements} elements for {quoted}");
        if (begin < 0 || end < begin || end - begin != (long)count * type.Size)
            throw Bad(fileName, $"the bytes {begin} to {end} for {quoted}, whose dtype and shape need {(long)count * type.Size}");
        return new Entry(name, type, new Shape(Array.ConvertAll(shape, static d => (int)d)), begin, end);
    }

    // safetensors.torch.save_model writes a tensor that two names share once, and the other name into the metadata with the first as its value.
    private static void AddShared(List<Entry> entries, SortedDictionary<string, string> metadata)
    {
        var written = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in entries) written.TryAdd(entry.Name, entry);
        foreach (var (name, sharedWith) in metadata)
        {
            if (name.Contains('.', StringComparison.Ordinal) && !written.ContainsKey(name) && written.TryGetValue(sharedWith, out var shared))
                entries.Add(shared with { Name = name });
        }
    }

    private static void CheckGapless(string fileName, List<Entry> entries, long dataLength)
    {
        long at = 0;
        foreach (var entry in entries.OrderBy(static e => e.Begin).ThenBy(static e => e.End))
        {
            if (entry.Begin != at)
                throw Bad(fileName,
                    $"{FileText.Quote(entry.Name)} at byte {entry.Begin} of the data where {at} is expected: tensors overlap or leave a gap");
            at = entry.End;
        }

        if (at != dataLength) throw Bad(fileName, $"{dataLength} bytes of data where the header declares {at}: truncated, or followed by other data");
    }

    private static Tensor Load(Entry entry, ReadOnlyMemory<byte> data)
    {
        var bytes = data[(int)entry.Begin..(int)entry.End];
        return new Tensor(entry.Type.Type, entry.Shape, entry.Type.IsPlain ? bytes : PickledTensorReader.WidenInt16(bytes.Span));
    }

    private static long[] Integers(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var values = new List<long>();
        while (Next(ref reader) == JsonTokenType.Number)
        {
            if (values.Count == MaxRank) throw new JsonException($"a list of more than {MaxRank} numbers");
            values.Add(reader.GetInt64());
        }

        return reader.TokenType == JsonTokenType.EndArray ? [.. values] : throw new JsonException("a list with an element that is not a number");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException("it ends early");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (Next(ref reader) != token) throw new JsonException($"{reader.TokenType} where {token} is expected");
    }

    private static EdgeException Bad(string fileName, string found) =>
        EdgeException.BadInput($"{fileName}: a safetensors file with {found}; copy or save it again");

    private sealed record Entry(string Name, StoredType Type, Shape Shape, long Begin, long End);
}
