namespace ResNetEdge.Plans;

/// <summary>
/// Storages that have their place, found by lifetime. Most live for a few steps: they stand in the spans of steps that they touch, so that a plan of
/// many steps is laid out in time linear in them.
/// </summary>
internal sealed class PlacedStorages
{
    private const int SpanSteps = 64, MostSpans = 8;
    private readonly Dictionary<int, List<(Storage Storage, int Order)>> _spans = [];
    private readonly List<(Storage Storage, int Order)> _longLived = [];
    private int _count;

    /// <summary>Adds one, with its offset known.</summary>
    public void Add(Storage storage)
    {
        var entry = (storage, _count++);
        int first = Span(storage.First), last = Span(storage.Last);
        if (last - first >= MostSpans)
        {
            _longLived.Add(entry);
            return;
        }

        for (int span = first; span <= last; span++)
        {
            if (!_spans.TryGetValue(span, out var list)) _spans.Add(span, list = []);
            list.Add(entry);
        }
    }

    /// <summary>Those whose lifetime overlaps, each once, by rising offset.</summary>
    public IEnumerable<Storage> AliveWith(Storage storage)
    {
        int first = Span(storage.First), last = Span(storage.Last);
        var near = last - first < _spans.Count
            ? Enumerable.Range(first, last - first + 1).SelectMany(span => _spans.GetValueOrDefault(span) ?? [])
            : _spans.Where(s => s.Key >= first && s.Key <= last).SelectMany(s => s.Value);
        return near.Concat(_longLived).Where(e => e.Storage.Last >= storage.First && storage.Last >= e.Storage.First)
            .Distinct().OrderBy(e => e.Storage.Offset).ThenBy(e => e.Order).Select(e => e.Storage);
    }

    // A storage that outlives the run has its last step at the end of all numbers.
    private static int Span(int step) => step / SpanSteps;
}
