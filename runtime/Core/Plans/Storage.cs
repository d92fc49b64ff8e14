namespace ResNetEdge.Plans;

/// <summary>A run of bytes in the arena and the steps between which it must keep its contents.</summary>
internal sealed class Storage
{
    private Storage? _mergedInto;
    private readonly long _bytes;
    private long _offset = -1;
    private int _first = int.MaxValue, _last = -1;

    public Storage(long bytes) => _bytes = bytes;

    /// <summary>Size of the storage in bytes.</summary>
    public long Bytes => Root._bytes;

    /// <summary>Bytes from the arena's base; -1 until <see cref="ArenaLayout"/> has run.</summary>
    public long Offset
    {
        get => Root._offset;
        set => Root._offset = value;
    }

    /// <summary>First step that writes it.</summary>
    public int First => Root._first;

    /// <summary>Last step that reads or writes it.</summary>
    public int Last => Root._last;

    /// <summary>Keeps its contents from one run to the next: inputs, outputs, padding, constants.</summary>
    public bool IsPersistent => Root is { _first: 0, _last: int.MaxValue };

    /// <summary>What the bytes hold before the first run; null leaves zeros.</summary>
    public Action<Span<byte>>? Initialize { get; init; }

    /// <summary>The storage that stands for this one after merging.</summary>
    public Storage Root => _mergedInto?.Root ?? this;

    /// <summary>A step touches it.</summary>
    public void Touch(int step)
    {
        Root._first = Math.Min(Root._first, step);
        Root._last = Math.Max(Root._last, step);
    }

    /// <summary>Never shared with another storage.</summary>
    public Storage Persist()
    {
        (Root._first, Root._last) = (0, int.MaxValue);
        return this;
    }

    /// <summary>From now on the same bytes as another storage of equal size.</summary>
    public void MergeInto(Storage other)
    {
        if (Root == other.Root) return;
        var (from, to) = (Root, other.Root);
        to._first = Math.Min(to._first, from._first);
        to._last = Math.Max(to._last, from._last);
        from._mergedInto = to;
    }
}
