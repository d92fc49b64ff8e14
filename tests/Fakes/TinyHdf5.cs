using System.IO.Compression;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// HDF5 files as h5py writes them by default: superblock 0, version 1 object headers, symbol tables; long texts in a global heap. Addresses are known
/// because children are written before their parents.
/// </summary>
internal sealed class TinyHdf5
{
    private const ulong None = ulong.MaxValue;

    private readonly List<byte> _bytes = [.. new byte[96]];

    /// <summary>A group.</summary>
    public sealed class Group
    {
        public SortedDictionary<string, object> Children { get; } = new(StringComparer.Ordinal);

        public List<(string Name, object Value)> Attributes { get; } = [];

        /// <summary>The group of a path, made where it is not there.</summary>
        public Group At(string path) => path.Split('/').Aggregate(this, static (group, name) =>
        {
            if (!group.Children.TryGetValue(name, out object? child)) group.Children[name] = child = new Group();
            return (Group)child;
        });
    }

    /// <summary>A dataset of float32; in chunks, shuffled and deflated, when a chunk is given.</summary>
    public sealed record Dataset(int[] Shape, float[] Data, int[]? Chunk = null);

    public static byte[] Write(Group root)
    {
        var file = new TinyHdf5();
        ulong header = file.Put(root);
        var start = new TinyHdf5();
        start._bytes.Clear();
        start.Bytes(0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, 0, 0, 0, 0, 0, 8, 8, 0).U16(4).U16(16).U32(0).U64(0).U64(None)
            .U64((ulong)file._bytes.Count).U64(None)
            .U64(0).U64(header).U32(0).U32(0).U64(0).U64(0);
        return [.. start._bytes, .. file._bytes.Skip(start._bytes.Count)];
    }

    private ulong Put(object node) => node is Group group ? PutGroup(group) : PutDataset((Dataset)node);

    private ulong PutGroup(Group group)
    {
        var children = group.Children.Select(c => (c.Key, Address: Put(c.Value))).ToList();
        var heap = new TinyHdf5();
        heap._bytes.RemoveRange(8, heap._bytes.Count - 8);
        var names = children.Select(c =>
        {
            ulong at = (ulong)heap._bytes.Count;
            heap.Text(c.Key, c.Key.Length + 1).Align();
            return at;
        }).ToList();
        ulong data = Append(heap), heapAt = Append(New().Text("HEAP", 4).U32(0).U64((ulong)heap._bytes.Count).U64(1).U64(data));
        var symbols = New().Text("SNOD", 4).Bytes(1, 0).U16(children.Count);
        for (int i = 0; i < children.Count; i++) symbols.U64(names[i]).U64(children[i].Address).U64(0).U64(0).U64(0);
        ulong symbolsAt = Append(symbols);
        ulong tree = Append(
            New().Text("TREE", 4).Bytes(0, 0).U16(children.Count == 0 ? 0 : 1).U64(None).U64(None).U64(0).U64(symbolsAt).U64(names.LastOrDefault()));
        return PutHeader([(0x11, New().U64(tree).U64(heapAt)), .. group.Attributes.Select(a => (0x0C, Attribute(a.Name, a.Value)))]);
    }

    private ulong PutDataset(Dataset dataset)
    {
        byte[] data = [.. dataset.Data.SelectMany(BitConverter.GetBytes)];
        var space = New().Bytes(1, (byte)dataset.Shape.Length, 0, 0).U32(0);
        foreach (int d in dataset.Shape) space.U64((ulong)d);
        var type = New().Bytes(0x11, 0x20, 31, 0).U32(4).U16(0).U16(32).Bytes(23, 8, 0, 23).U32(127);
        if (dataset.Chunk is not { } chunk)
            return PutHeader([(1, space), (3, type), (8, New().Bytes(3, 1).U64(Append(New().Bytes(data))).U64((ulong)data.Length))]);

        var layout = New().Bytes(3, 2, (byte)(chunk.Length + 1)).U64(PutChunks(dataset, chunk));
        foreach (int d in chunk) layout.U32((uint)d);
        var filters = New().Bytes(1, 2, 0, 0, 0, 0, 0, 0).U16(2).U16(0).U16(0).U16(1).U32(4).U32(0).U16(1).U16(0).U16(0).U16(1).U32(6).U32(0);
        return PutHeader([(1, space), (3, type), (8, layout.U32(4)), (0x0B, filters)]);
    }

    private ulong PutChunks(Dataset dataset, int[] chunk)
    {
        int rank = chunk.Length;
        var starts = new List<int[]> { new int[rank] };
        for (int d = 0; d < rank; d++)
        {
            int axis = d;
            starts = [.. starts.SelectMany(s => Enumerable.Range(0, (dataset.Shape[axis] + chunk[axis] - 1) / chunk[axis])
                .Select(i => s.Select((v, k) => k == axis ? i * chunk[axis] : v).ToArray()))];
        }

        var tree = New().Text("TREE", 4).Bytes(1, 0).U16(starts.Count).U64(None).U64(None);
        foreach (int[] start in starts)
        {
            float[] box = new float[chunk.Aggregate(1, (a, b) => a * b)];
            for (int i = 0; i < box.Length; i++)
            {
                int rest = i, from = 0, stride = 1;
                bool inside = true;
                for (int d = rank - 1; d >= 0; rest /= chunk[d], stride *= dataset.Shape[d], d--)
                {
                    int at = start[d] + rest % chunk[d];
                    inside &= at < dataset.Shape[d];
                    from += at * stride;
                }

                box[i] = inside ? dataset.Data[from] : 0;
            }

            byte[] plain = [.. box.SelectMany(BitConverter.GetBytes)],
                shuffled = [.. Enumerable.Range(0, plain.Length).Select(i => plain[i % box.Length * 4 + i / box.Length])];
            var deflated = new MemoryStream();
            using (var zlib = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(shuffled);
            tree.U32((uint)deflated.Length).U32(0);
            foreach (int at in start) tree.U64((ulong)at);
            tree.U64(0).U64(Append(New().Bytes(deflated.ToArray())));
        }

        return Append(tree.U64(0));
    }

    // Text in the global heap (a string), or a list of texts of fixed length.
    private TinyHdf5 Attribute(string name, object value)
    {
        TinyHdf5 type = New(), space = New(), data = New();
        if (value is string text)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            var heap = New().U16(1).U16(1).U32(0).U64((ulong)utf8.Length).Bytes(utf8).Align();
            ulong at = Append(New().Text("GCOL", 4).Bytes(1, 0, 0, 0).U64((ulong)heap._bytes.Count + 16).Bytes([.. heap._bytes]));
            type.Bytes(0x19, 1, 1, 0).U32(16).Bytes(0x13, 0, 0, 0).U32(1);
            space.Bytes(1, 0, 0, 0).U32(0);
            data.U32((uint)utf8.Length).U64(at).U32(1);
        }
        else
        {
            string[] texts = (string[])value;
            int width = texts.Select(t => t.Length).DefaultIfEmpty(1).Max();
            type.Bytes(0x13, 1, 0, 0).U32((uint)width);
            space.Bytes(1, 1, 0, 0).U32(0).U64((ulong)texts.Length);
            foreach (string t in texts) data.Text(t, width);
        }

        return New().Bytes(1, 0).U16(name.Length + 1).U16(type._bytes.Count).U16(space._bytes.Count).Text(name, name.Length + 1).Align()
            .Bytes([.. type._bytes]).Align().Bytes([.. space._bytes]).Align().Bytes([.. data._bytes]);
    }

    // The second half of the messages stands in a continuation, as it does once attributes are added.
    private ulong PutHeader(List<(int Type, TinyHdf5 Body)> messages)
    {
        int half = (messages.Count + 1) / 2;
        TinyHdf5 first = Block(messages.Take(half)), rest = Block(messages.Skip(half));
        if (half < messages.Count) first.U16(0x10).U16(16).U32(0).U64(Append(rest)).U64((ulong)rest._bytes.Count);
        return Append(New().Bytes(1, 0).U16(messages.Count + 1).U32(1).U32((uint)first._bytes.Count).U32(0).Bytes([.. first._bytes]));
    }

    private static TinyHdf5 Block(IEnumerable<(int Type, TinyHdf5 Body)> messages)
    {
        var block = New();
        foreach (var (type, body) in messages)
        {
            body.Align();
            block.U16(type).U16(body._bytes.Count).U32(0).Bytes([.. body._bytes]);
        }

        return block;
    }

    private static TinyHdf5 New()
    {
        var result = new TinyHdf5();
        result._bytes.Clear();
        return result;
    }

    private ulong Append(TinyHdf5 piece)
    {
        Align();
        ulong at = (ulong)_bytes.Count;
        _bytes.AddRange(piece._bytes);
        return at;
    }

    private TinyHdf5 Bytes(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    private TinyHdf5 Align() => Bytes(new byte[(8 - _bytes.Count % 8) % 8]);

    private TinyHdf5 Text(string text, int width) => Bytes([.. Encoding.ASCII.GetBytes(text), .. new byte[width - text.Length]]);

    private TinyHdf5 U16(int value) => Bytes(BitConverter.GetBytes((ushort)value));

    private TinyHdf5 U32(uint value) => Bytes(BitConverter.GetBytes(value));

    private TinyHdf5 U64(ulong value) => Bytes(BitConverter.GetBytes(value));
}
