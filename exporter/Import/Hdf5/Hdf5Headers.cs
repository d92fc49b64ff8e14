namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>Object headers, versions 1 and 2: the list of messages that describe a group or a dataset.</summary>
internal static class Hdf5Headers
{
    private const int MaxMessages = 100_000;
    private const int PrefixBytes = 16, ChecksumBytes = 4;

    // Longer than any prefix of a version 2 header: signature, version, flags, times, phase change values, size.
    private const int MaxPrefixBytes = 4 + 2 + 16 + 4 + 8;

    private static ReadOnlySpan<byte> HeaderSignature => "OHDR"u8;

    private static ReadOnlySpan<byte> ContinuationSignature => "OCHK"u8;

    /// <summary>All messages of the object at an address, those of continuations included.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged.</exception>
    public static List<Hdf5Message> Read(Hdf5File file, ulong address, string what)
    {
        var messages = new List<Hdf5Message>();
        var first = file.At(address, 4, what).Take(4).Span;
        if (first.SequenceEqual(HeaderSignature)) ReadVersion2(file, address, what, messages);
        else if (first[0] == 1) ReadVersion1(file, address, what, messages);
        else throw file.Fail(what, $"begins with {Convert.ToHexString(first)}, which is not an object header");
        return messages;
    }

    private static void ReadVersion1(Hdf5File file, ulong address, string what, List<Hdf5Message> messages)
    {
        var prefix = file.At(address, PrefixBytes, what);
        prefix.Skip(8);
        uint size = prefix.UInt32();
        var blocks = new Queue<(ulong Address, ulong Length)>([(address + PrefixBytes, size)]);
        while (blocks.TryDequeue(out var block))
        {
            var cursor = file.At(block.Address, block.Length, what);
            while (cursor.Remaining >= 8)
            {
                int type = cursor.UInt16(), length = cursor.UInt16();
                byte flags = cursor.Byte();
                cursor.Skip(3);
                Add(file, what, messages, blocks, new(type, (flags & 2) != 0, cursor.Take(length)));
            }
        }
    }

    private static void ReadVersion2(Hdf5File file, ulong address, string what, List<Hdf5Message> messages)
    {
        var prefix = file.At(address, (ulong)Math.Min(MaxPrefixBytes, file.Length), HeaderSignature, what);
        if (prefix.Byte() != 2) throw prefix.Fail("is an object header of a version other than 1 and 2");
        byte flags = prefix.Byte();
        prefix.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        ulong size = prefix.Unsigned(1 << (flags & 3));
        var blocks = new Queue<(ulong Address, ulong Length)>();
        ReadBlock(file.At(address + (ulong)prefix.Position, size, what));
        while (blocks.TryDequeue(out var block))
        {
            var cursor = file.At(block.Address, block.Length, ContinuationSignature, what);
            ReadBlock(cursor.Piece(Math.Max(0, cursor.Remaining - ChecksumBytes), what));
        }

        void ReadBlock(Hdf5Cursor cursor)
        {
            int headerBytes = (flags & 0x04) != 0 ? 6 : 4;
            while (cursor.Remaining >= headerBytes)
            {
                int type = cursor.Byte(), length = cursor.UInt16();
                byte messageFlags = cursor.Byte();
                cursor.Skip(headerBytes - 4);
                Add(file, what, messages, blocks, new(type, (messageFlags & 2) != 0, cursor.Take(length)));
            }
        }
    }

    private static void Add(Hdf5File file, string what, List<Hdf5Message> messages, Queue<(ulong Address, ulong Length)> blocks, Hdf5Message message)
    {
        if (messages.Count == MaxMessages) throw file.Fail(what, $"has more than {MaxMessages} messages");
        messages.Add(message);
        if (message.Type != Hdf5Message.Continuation) return;
        var cursor = new Hdf5Cursor(file, message.Body, what);
        blocks.Enqueue((cursor.UInt64(), cursor.UInt64()));
    }
}
