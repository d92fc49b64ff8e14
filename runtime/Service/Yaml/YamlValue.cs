namespace ResNetEdge.Service.Yaml;

/// <summary>A piece of a YAML file and where it begins.</summary>
/// <param name="Line">From 1.</param>
internal abstract record YamlValue(int Line);

/// <summary>A scalar.</summary>
/// <param name="Text">As written, without quotes.</param>
/// <param name="IsQuoted">A quoted one is text, never a number, a yes or nothing.</param>
/// <param name="Line">From 1.</param>
internal sealed record YamlText(string Text, bool IsQuoted, int Line) : YamlValue(Line)
{
    /// <summary>Nothing was written, or one of the core schema's words for it: <c>null</c>, <c>Null</c>, <c>NULL</c>, <c>~</c>.</summary>
    public bool IsNothing => !IsQuoted && Text is "" or "null" or "Null" or "NULL" or "~";
}

/// <summary>Names and their values, each name once.</summary>
internal sealed record YamlMapping(IReadOnlyList<YamlEntry> Entries, int Line) : YamlValue(Line);

/// <summary>One name of a mapping.</summary>
/// <param name="Name">As written.</param>
/// <param name="Line">Of the name.</param>
/// <param name="Value">What it stands for.</param>
internal sealed record YamlEntry(string Name, int Line, YamlValue Value);

/// <summary>A list.</summary>
internal sealed record YamlSequence(IReadOnlyList<YamlValue> Items, int Line) : YamlValue(Line);
