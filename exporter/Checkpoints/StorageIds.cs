namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>Makes storages of the persistent ids in a torch pickle and sees that every mention of a key says the same.</summary>
internal sealed class StorageIds(string fileName)
{
    private readonly Dictionary<string, PickledStorage> _roots = new(StringComparer.Ordinal);

    /// <summary>The whole storage of that key, or null when the pickle never mentions it.</summary>
    public PickledStorage? Root(string key) => _roots.GetValueOrDefault(key);

    /// <summary>An id of the zip format: ('storage', class, key, location, count).</summary>
    public PickledStorage Zip(object?[] id) => id is ["storage", PickleGlobal { StorageType: { } type }, string key, _, long count]
        ? Declare(key, type, count) : throw Bad("an identifier that is not a storage's");

    /// <summary>An id of the legacy format: as in the zip, and then None or a view (key, offset, count) of the storage.</summary>
    public PickledStorage Legacy(object?[] id)
    {
        if (id is not [.. { Length: 5 } whole, var view]) return Zip(id);
        var root = Zip(whole);
        if (view is null) return root;
        if (view is not object?[] parts || parts is not [string, long offset, long count]) throw Bad("an invalid view");
        return offset >= 0 && count >= 0 && offset <= root.Count && count <= root.Count - offset
            ? root with { Offset = offset, Count = count }
            : throw Bad($"a view of {count} elements from {offset} of the storage {FileText.Quote(root.Key)}, which has {root.Count}");
    }

    private PickledStorage Declare(string key, StoredType type, long count)
    {
        if (count < 0 || count > long.MaxValue / 16) throw Bad($"{count} elements for the storage {FileText.Quote(key)}");
        if (!_roots.TryGetValue(key, out var storage)) _roots.Add(key, storage = new PickledStorage(key, type, count, 0));
        return storage.Type == type && storage.Count == count ? storage
            : throw Bad($"two conflicting descriptions of the storage {FileText.Quote(key)}");
    }

    private EdgeException Bad(string found) =>
        EdgeException.BadInput($"{fileName}: the pickle has {found}; the checkpoint is damaged, save it again");
}
