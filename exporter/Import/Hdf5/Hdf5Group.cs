using System.Text;

namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>The children of a group: a symbol table (version 1 B-tree), or link messages in the header.</summary>
internal static class Hdf5Group
{
    private const int MaxDepth = 32, MaxChildren = 100_000;
    private const int NodeHeaderBytes = 24, EntryBytes = 40, SymbolNodeHeaderBytes = 8, HeapHeaderBytes = 32;
    private const int MaxNameLength = 4096;

    private static ReadOnlySpan<byte> TreeSignature => "TREE"u8;

    private static ReadOnlySpan<byte> SymbolNodeSignature => "SNOD"u8;

    private static ReadOnlySpan<byte> HeapSignature => "HEAP"u8;

    /// <summary>Addresses of object headers by name.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged, or links kept in a way that is not read.</exception>
    public static Dictionary<string, ulong> Children(Hdf5File file, string what, List<Hdf5Message> messages)
    {
        var children = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            var cursor = new Hdf5Cursor(file, message.Body, what);
            if (message.Type == Hdf5Message.SymbolTable)
            {
                ulong tree = cursor.UInt64();
                ReadTree(file, what, tree, ReadHeap(file, what, cursor.UInt64()), 0, children);
            }
            else if (message.Type == Hdf5Message.Link)
            {
                ReadLink(cursor, children);
            }
            else if (message.Type == Hdf5Message.LinkInfo && HasHeap(file, message.Body))
            {
                throw file.Fail(
                    what, "keeps its links in dense storage, which is not supported; save the model again with h5py's defaults (libver='earliest')");
            }
        }

        return children;
    }

    /// <summary>
    /// Whether a link info or attribute info message points to a heap: version, flags, perhaps a creation index, the heap's address.
    /// </summary>
    public static bool HasHeap(Hdf5File file, ReadOnlyMemory<byte> body)
    {
        var cursor = new Hdf5Cursor(file, body, "link or attribute information");
        cursor.Skip(1);
        byte flags = cursor.Byte();
        // Eight bytes for links, two for attributes; the rest is two or three addresses.
        if ((flags & 1) != 0) cursor.Skip(cursor.Remaining % Hdf5File.AddressBytes == 2 ? 2 : 8);
        return cursor.UInt64() != Hdf5File.Undefined;
    }

    private static void ReadTree(Hdf5File file, string what, ulong address, ReadOnlyMemory<byte> heap, int depth, Dictionary<string, ulong> children)
    {
        if (depth > MaxDepth) throw file.Fail(what, $"has a tree of more than {MaxDepth} levels");
        var head = file.At(address, NodeHeaderBytes, TreeSignature, what);
        if (head.Byte() != 0) throw head.Fail("has a tree that is not a group tree");
        byte level = head.Byte();
        int entries = head.UInt16();
        var body = file.At(address + NodeHeaderBytes, (ulong)(entries * 2 + 1) * Hdf5File.AddressBytes, what);
        for (int i = 0; i < entries; i++)
        {
            body.Skip(Hdf5File.AddressBytes);
            ulong child = body.UInt64();
            if (level > 0) ReadTree(file, what, child, heap, depth + 1, children);
            else ReadSymbols(file, what, child, heap, children);
        }
    }

    private static void ReadSymbols(Hdf5File file, string what, ulong address, ReadOnlyMemory<byte> heap, Dictionary<string, ulong> children)
    {
        var head = file.At(address, SymbolNodeHeaderBytes, SymbolNodeSignature, what);
        head.Skip(2);
        int count = head.UInt16();
        var body = file.At(address + SymbolNodeHeaderBytes, (ulong)count * EntryBytes, what);
        for (int i = 0; i < count; i++)
        {
            ulong name = body.UInt64(), header = body.UInt64();
            body.Skip(EntryBytes - 2 * Hdf5File.AddressBytes);
            Put(body, children, NameAt(body, heap, name), header);
        }
    }

    private static ReadOnlyMemory<byte> ReadHeap(Hdf5File file, string what, ulong address)
    {
        var head = file.At(address, HeapHeaderBytes, HeapSignature, what);
        head.Skip(4);
        ulong size = head.UInt64();
        head.Skip(Hdf5File.AddressBytes);
        return file.At(head.UInt64(), size, what).Take((long)size);
    }

    private static string NameAt(Hdf5Cursor cursor, ReadOnlyMemory<byte> heap, ulong offset)
    {
        if (offset >= (ulong)heap.Length) throw cursor.Fail($"has a child whose name would be at byte {offset} of a heap of {heap.Length}");
        var rest = heap.Span[(int)offset..];
        int length = rest[..Math.Min(rest.Length, MaxNameLength)].IndexOf((byte)0);
        return length >= 0
            ? Encoding.UTF8.GetString(rest[..length])
            : throw cursor.Fail($"has a child with an unterminated name at byte {offset} of its heap");
    }

    private static void ReadLink(Hdf5Cursor cursor, Dictionary<string, ulong> children)
    {
        if (cursor.Byte() != 1) throw cursor.Fail("has a link of an unknown version");
        byte flags = cursor.Byte();
        int type = (flags & 8) != 0 ? cursor.Byte() : 0;
        cursor.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        ulong length = cursor.Unsigned(1 << (flags & 3));
        if (length > MaxNameLength) throw cursor.Fail($"has a child with a name of {length} bytes");
        string name = Encoding.UTF8.GetString(cursor.Take((long)length).Span);
        if (type != 0) throw cursor.Fail("has a soft or external link, which is not followed");
        Put(cursor, children, name, cursor.UInt64());
    }

    private static void Put(Hdf5Cursor cursor, Dictionary<string, ulong> children, string name, ulong address)
    {
        if (children.Count == MaxChildren) throw cursor.Fail($"has more than {MaxChildren} children");
        if (!children.TryAdd(name, address)) throw cursor.Fail($"has two children called {Checkpoints.FileText.Quote(name)}");
    }
}
