namespace ResNetEdge.Service.Outputs;

/// <summary>
/// The newest change of each rule that found no room in a full <see cref="SinkRing"/>. It is delivered
/// after what waits there, so that an output that was away learns at least what each rule is now, and
/// no "on" stays on forever because the "off" was dropped. As many as there are rules; from any thread.
/// </summary>
internal sealed class LateEvents
{
    private readonly Lock _turn = new();
    private readonly List<SinkItem> _events = [], _spare = []; // their memory is used again
    private int _count;

    /// <summary>Rules whose newest change waits.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether a change of a rule waits here: a newer one has to wait behind it.</summary>
    public bool Has(ReadOnlySpan<byte> name)
    {
        if (Count == 0) return false;
        lock (_turn) return IndexOf(name) >= 0;
    }

    /// <summary>Keeps a change.</summary>
    /// <param name="name">Of the rule.</param>
    /// <param name="json">One object.</param>
    /// <param name="picture">Number of the picture that goes with it; 0: none.</param>
    /// <returns>Whether an older one of the same rule was lost for it.</returns>
    public bool Replace(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, uint picture)
    {
        lock (_turn)
        {
            int at = IndexOf(name);
            var item = at >= 0 ? Remove(_events, at) : _spare.Count > 0 ? Remove(_spare, _spare.Count - 1) : new SinkItem();
            name.CopyTo(item.SetName(name.Length));
            json.CopyTo(item.SetJson(json.Length));
            item.Picture = picture;
            _events.Add(item);
            Volatile.Write(ref _count, _events.Count);
            return at >= 0;
        }
    }

    /// <summary>Takes the oldest out.</summary>
    /// <returns>False: there is none.</returns>
    public bool TryTake(SinkItem item)
    {
        if (Count == 0) return false;
        lock (_turn)
        {
            if (_events.Count == 0) return false;
            var oldest = Remove(_events, 0);
            Volatile.Write(ref _count, _events.Count);
            (item.Kind, item.Picture) = (SinkItemKind.Event, oldest.Picture);
            oldest.Name.CopyTo(item.SetName(oldest.Name.Length));
            oldest.Json.CopyTo(item.SetJson(oldest.Json.Length));
            _spare.Add(oldest);
            return true;
        }
    }

    private static SinkItem Remove(List<SinkItem> items, int at)
    {
        var item = items[at];
        items.RemoveAt(at);
        return item;
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _events.Count; i++)
        {
            if (name.SequenceEqual(_events[i].Name)) return i;
        }

        return -1;
    }
}
