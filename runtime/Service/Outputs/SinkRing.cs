using System.Buffers.Binary;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// Items in a fixed piece of memory, first in, first out; adding and taking allocate nothing. What finds no room is refused: what waits
/// already is older and was promised first. Results leave a quarter free, so that a flood of them cannot crowd out events.
/// </summary>
/// <param name="bytes">Of memory; an item may take at most a quarter of it.</param>
internal sealed class SinkRing(int bytes)
{
    private const int HeadBytes = 1 + 2 + 4 + 4; // kind, length of the name, length of the JSON, number of the picture
    private readonly byte[] _memory = new byte[bytes]; // [begin, begin + used) modulo its length
    private readonly Lock _turn = new();
    private int _begin;
    private int _used;
    private long _count;

    /// <summary>Items that wait.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Copies an item in.</summary>
    /// <param name="kind">Of the item.</param>
    /// <param name="name">Of the rule; empty for results.</param>
    /// <param name="json">One object.</param>
    /// <param name="picture">Number of the picture that goes with it; 0: none.</param>
    /// <returns>False: no room.</returns>
    public bool TryAdd(SinkItemKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, uint picture)
    {
        long needed = (long)HeadBytes + name.Length + json.Length;
        if (needed > bytes / 4 || name.Length > ushort.MaxValue) return false;
        Span<byte> head = stackalloc byte[HeadBytes];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[3..], json.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[7..], picture);
        lock (_turn)
        {
            int room = (kind == SinkItemKind.Result ? bytes - bytes / 4 : bytes) - _used;
            if (needed > room) return false;
            Write(head);
            Write(name);
            Write(json);
            Volatile.Write(ref _count, _count + 1);
            return true;
        }
    }

    /// <summary>Takes the oldest item out.</summary>
    /// <param name="item">Filled; its memory is used again.</param>
    /// <returns>False: there is none.</returns>
    public bool TryTake(SinkItem item)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        lock (_turn)
        {
            if (_count == 0) return false;
            Read(head);
            (item.Kind, item.Picture) = ((SinkItemKind)head[0], BinaryPrimitives.ReadUInt32LittleEndian(head[7..]));
            Read(item.SetName(BinaryPrimitives.ReadUInt16LittleEndian(head[1..])));
            Read(item.SetJson(BinaryPrimitives.ReadInt32LittleEndian(head[3..])));
            Volatile.Write(ref _count, _count - 1);
            return true;
        }
    }

    private void Write(ReadOnlySpan<byte> from)
    {
        int at = (int)(((long)_begin + _used) % bytes), first = Math.Min(from.Length, bytes - at);
        from[..first].CopyTo(_memory.AsSpan(at));
        from[first..].CopyTo(_memory);
        _used += from.Length;
    }

    private void Read(Span<byte> into)
    {
        int first = Math.Min(into.Length, bytes - _begin);
        _memory.AsSpan(_begin, first).CopyTo(into);
        _memory.AsSpan(0, into.Length - first).CopyTo(into[first..]);
        _begin = (int)(((long)_begin + into.Length) % bytes);
        _used -= into.Length;
    }
}
