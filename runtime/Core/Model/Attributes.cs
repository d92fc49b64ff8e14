using System.Diagnostics.CodeAnalysis;

namespace ResNetEdge.Model;

/// <summary>
/// The attributes of one node. Values are <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, <see cref="Tensor"/>,
/// <see cref="Graph"/>, or arrays of the first three; nothing else.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "the field's word is attributes")]
public sealed class Attributes
{
    private readonly SortedDictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>Names in ordinal order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The raw value, or null.</summary>
    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set =>
            _values[name] = IsAllowed(value) ? value! : throw new ArgumentException($"attribute '{name}' of type {value?.GetType().Name ?? "null"}");
    }

    /// <summary>Whether the attribute is given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Removes an attribute if it is there.</summary>
    public void Remove(string name) => _values.Remove(name);

    /// <summary>An integer, or the default when not given.</summary>
    public long Int(string name, long fallback) => Get(name, fallback);

    /// <summary>A float, or the default when not given.</summary>
    public float Float(string name, float fallback) => Get(name, fallback);

    /// <summary>A string, or the default when not given.</summary>
    public string String(string name, string fallback) => Get(name, fallback);

    /// <summary>A list of integers, or null when not given.</summary>
    public long[]? Ints(string name) => Get<long[]?>(name, null);

    /// <summary>A list of floats, or null when not given.</summary>
    public float[]? Floats(string name) => Get<float[]?>(name, null);

    /// <summary>A tensor, or null when not given.</summary>
    public Tensor? Constant(string name) => Get<Tensor?>(name, null);

    /// <summary>A copy that can be changed on its own.</summary>
    public Attributes Clone()
    {
        var copy = new Attributes();
        foreach (var (name, value) in _values) copy._values[name] = value;
        return copy;
    }

    private static bool IsAllowed(object? value) =>
        value is long or float or string or Model.Tensor or Graph or long[] or float[] or string[];

    private T Get<T>(string name, T fallback) => !_values.TryGetValue(name, out object? value) ? fallback
        : value is T typed ? typed
        : throw EdgeException.BadInput($"attribute '{name}' is a {value.GetType().Name} where a {typeof(T).Name} is expected");
}
