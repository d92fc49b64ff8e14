namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>Elements kept in chunks: boxes of one size that tile the dataset, found through a version 1 B-tree.</summary>
internal sealed class Hdf5Chunks(Hdf5File file, string what, long[] dimensions, int elementBytes, Hdf5Filters filters)
{
    private const int MaxDepth = 32, NodeHeaderBytes = 24;

    // A chunk may be larger than a small dataset, but not out of all proportion.
    private const long MaxOverhang = 1 << 12;

    private readonly int _rank = dimensions.Length;
    private readonly long[] _chunk = new long[dimensions.Length];
    private byte[] _result = [];
    private long _left; // chunks that are still to come

    private static ReadOnlySpan<byte> TreeSignature => "TREE"u8;

    /// <summary>Reads the layout message's rest and all chunks; a chunk that is not there is zeros.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged.</exception>
    public ReadOnlyMemory<byte> Read(Hdf5Cursor layout, int bytes)
    {
        if (layout.Byte() != _rank + 1) throw layout.Fail("has chunks whose rank differs from its own");
        ulong tree = layout.UInt64();
        long chunkBytes = elementBytes;
        for (int d = 0; d < _rank; d++)
        {
            _chunk[d] = layout.UInt32();
            if (_chunk[d] == 0 || (chunkBytes *= _chunk[d]) > int.MaxValue) throw layout.Fail($"has chunks of {string.Join('x', _chunk)} elements");
        }

        if (layout.UInt32() != elementBytes) throw layout.Fail("has chunks whose element size differs from its own");
        if (chunkBytes > Math.Max(bytes, 1) * MaxOverhang || chunkBytes > file.Length * Hdf5Dataset.MaxBytesPerFileByte)
            throw layout.Fail($"has chunks of {chunkBytes} bytes for {bytes} in all");
        _result = new byte[bytes];
        _left = 1;
        for (int d = 0; d < _rank; d++) _left *= (dimensions[d] + _chunk[d] - 1) / _chunk[d];
        if (tree != Hdf5File.Undefined) ReadTree(tree, (int)chunkBytes, 0);
        return _result;
    }

    private void ReadTree(ulong address, int chunkBytes, int depth)
    {
        if (depth > MaxDepth) throw file.Fail(what, $"has a tree of more than {MaxDepth} levels");
        var head = file.At(address, NodeHeaderBytes, TreeSignature, what);
        if (head.Byte() != 1) throw head.Fail("has a tree that is not a chunk tree");
        byte level = head.Byte();
        int entries = head.UInt16(), keyBytes = 8 + 8 * (_rank + 1);
        var body = file.At(address + NodeHeaderBytes, (ulong)entries * (ulong)(keyBytes + Hdf5File.AddressBytes), what);
        for (int i = 0; i < entries; i++)
        {
            uint stored = body.UInt32(), mask = body.UInt32();
            long[] offset = new long[_rank];
            for (int d = 0; d < _rank; d++)
            {
                ulong at = body.UInt64();
                offset[d] = at < int.MaxValue ? (long)at : throw body.Fail($"has a chunk at element {at}");
            }

            body.Skip(8);
            ulong child = body.UInt64();
            if (level == 0 && --_left < 0) throw body.Fail("has more chunks than its dimensions hold");
            if (level > 0) ReadTree(child, chunkBytes, depth + 1);
            else Place(filters.Undo(file.At(child, stored, what).Take(stored), mask, chunkBytes, elementBytes).Span, offset);
        }
    }

    // Chunks at the edge reach beyond the dataset; what lies outside is left.
    private void Place(ReadOnlySpan<byte> chunk, long[] offset)
    {
        long[] index = new long[_rank];
        int rowBytes = _rank == 0 ? elementBytes : (int)_chunk[^1] * elementBytes;
        for (int from = 0; from < chunk.Length; from += rowBytes)
        {
            long to = 0;
            bool inside = true;
            for (int d = 0; d < _rank; d++)
            {
                long at = offset[d] + index[d];
                inside &= at < dimensions[d];
                to = to * dimensions[d] + at;
            }

            if (inside)
            {
                long row = _rank == 0 ? elementBytes : Math.Min(rowBytes, (dimensions[^1] - offset[^1]) * elementBytes);
                chunk.Slice(from, (int)row).CopyTo(_result.AsSpan((int)(to * elementBytes)));
            }

            for (int d = _rank - 2; d >= 0 && ++index[d] == _chunk[d]; d--) index[d] = 0;
        }
    }
}
