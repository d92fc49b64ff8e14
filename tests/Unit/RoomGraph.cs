namespace ResNetEdge.Tests.Unit;

/// <summary>Which rooms of one project name types of which others: an edge holds the first place where that is done.</summary>
internal sealed class RoomGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _edges = new(StringComparer.Ordinal);

    public void Add(string from, string to, string place)
    {
        if (from == to) return;
        if (!_edges.TryGetValue(from, out var targets)) _edges[from] = targets = new(StringComparer.Ordinal);
        targets.TryAdd(to, place);
    }

    /// <summary>For every edge that is part of a circle the shortest circle through it, each circle once, shortest first:
    /// the rooms in order and the place of each edge.</summary>
    public IEnumerable<(IReadOnlyList<string> Rooms, IReadOnlyList<string> Places)> Circles()
    {
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (from, targets) in _edges)
        {
            foreach (string to in targets.Keys)
            {
                if (ShortestPath(to, from) is not { } back) continue;
                var rooms = back[..^1];
                rooms.Insert(0, from);
                int first = rooms.IndexOf(rooms.Min(StringComparer.Ordinal)!);
                var turned = rooms[first..].Concat(rooms[..first]).ToList();
                found.TryAdd(string.Join('\n', turned), turned);
            }
        }
        return found.Values.OrderBy(rooms => rooms.Count)
            .Select(rooms =>
                ((IReadOnlyList<string>)rooms, (IReadOnlyList<string>)[.. rooms.Select((room, i) => _edges[room][rooms[(i + 1) % rooms.Count]])]));
    }

    private List<string>? ShortestPath(string start, string end)
    {
        var cameFrom = new Dictionary<string, string?>(StringComparer.Ordinal) { [start] = null };
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out string? room))
        {
            if (room == end)
            {
                var path = new List<string>();
                for (string? step = room; step != null; step = cameFrom[step]) path.Insert(0, step);
                return path;
            }
            foreach (string next in _edges.GetValueOrDefault(room)?.Keys ?? Enumerable.Empty<string>())
                if (cameFrom.TryAdd(next, room)) queue.Enqueue(next);
        }
        return null;
    }
}
