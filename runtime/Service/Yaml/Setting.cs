namespace ResNetEdge.Service.Yaml;

/// <summary>
/// One name that a section of the configuration may hold: what it means, which values it takes and what stands when it is left out. The
/// reader, the reference and the JSON schema are all made from this.
/// </summary>
/// <param name="name">As in the file; a unit is its last word: <c>hold_ms</c>.</param>
/// <param name="help">One sentence or two.</param>
/// <param name="values">What it takes, for people: <c>text</c>, <c>whole number from 1 to 64</c>.</param>
/// <param name="fallback">What stands when it is left out, for people; null: it must be there.</param>
internal abstract class Setting(string name, string help, string values, string? fallback)
{
    /// <summary>As in the file.</summary>
    public string Name { get; } = name;

    /// <summary>What it means.</summary>
    public string Help { get; } = help;

    /// <summary>What it takes.</summary>
    public string Values { get; } = values;

    /// <summary>What stands when it is left out; null: it must be there.</summary>
    public string? Fallback { get; } = fallback;

    /// <summary>The section that it holds, or holds a list of; null for plain values.</summary>
    public Schema? Inner { get; init; }

    /// <summary>It holds a list.</summary>
    public bool IsList { get; init; }

    /// <summary>The only values that it takes, where they can be listed.</summary>
    public IReadOnlyList<string>? Choices { get; init; }
}

/// <summary>A setting whose value is a <typeparamref name="T"/>; <see cref="Settings"/> makes them.</summary>
/// <param name="name">As in the file.</param>
/// <param name="help">One sentence or two.</param>
/// <param name="values">What it takes.</param>
/// <param name="fallbackText">What stands when it is left out, for people; null: it must be there.</param>
/// <param name="fallback">What stands when it is left out.</param>
/// <param name="read">Reads it; throws <see cref="SettingException"/>.</param>
internal sealed class Setting<T>(string name, string help, string values, string? fallbackText, T fallback, Func<YamlValue, Place, T> read)
    : Setting(name, help, values, fallbackText)
{
    /// <summary>What stands when it is left out.</summary>
    public T FallbackValue { get; } = fallback;

    /// <summary>Turns the value of the file into the setting's type and adds a problem to the place where it cannot.</summary>
    public Func<YamlValue, Place, T> Read { get; } = read;
}

/// <summary>A value that cannot be; the reader adds file, line and name.</summary>
internal sealed class SettingException(string sentence) : Exception(sentence);
