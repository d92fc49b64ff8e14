namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>A dict or OrderedDict as pickled, in insertion order. Entries under keys that are not strings count, but cannot be looked up.</summary>
internal sealed class PickledDictionary
{
    private readonly OrderedDictionary<string, object?> _entries = new(StringComparer.Ordinal);

    /// <summary>Entries with string keys, in order.</summary>
    public IReadOnlyCollection<KeyValuePair<string, object?>> Entries => _entries;

    /// <summary>Entries whose keys are not strings (optimizer states have integers); their values are never wanted here.</summary>
    public int OtherKeys { get; private set; }

    /// <summary>The value, or null when there is none.</summary>
    public object? this[string key] => _entries.GetValueOrDefault(key);

    /// <summary>Sets an entry; as in Python, a key set again keeps its place.</summary>
    public void Set(object? key, object? value)
    {
        if (key is string name) _entries[name] = value;
        else OtherKeys++;
    }
}
