using ResNetEdge.Device;
using ResNetEdge.Naming;

namespace ResNetEdge.Service.Yaml;

/// <summary>A mapping of the file, read by its schema.</summary>
internal sealed class Section
{
    private readonly YamlMapping _mapping;
    private readonly Place _place;

    /// <summary>Checks the names: those that the schema lacks are problems.</summary>
    public Section(YamlMapping mapping, Place place, params Schema[] schemas)
    {
        (_mapping, _place) = (mapping, place);
        var known = schemas.SelectMany(s => s.Settings).Select(s => s.Name).ToList();
        foreach (var entry in mapping.Entries.Where(e => !known.Contains(e.Name)))
        {
            string? near = Spelling.Nearest(entry.Name, known);
            string where = place.Path.Length == 0 ? "" : $" in '{place.Path}'";
            place.Add(entry.Line, $"unknown setting '{SafeAddress.Show(entry.Name)}'{where}"
                + (near == null ? $"; known settings: {string.Join(", ", known)}" : $"; did you mean '{near}'?"));
        }
    }

    /// <summary>Where the section begins.</summary>
    public int Line => _mapping.Line;

    /// <summary>Whether a setting is written down.</summary>
    public bool Has(Setting setting) => Find(setting) is not null;

    /// <summary>The value of a setting, or its fallback; a problem, and the fallback, when it cannot be read or must be there and is not.</summary>
    public T Get<T>(Setting<T> setting)
    {
        if (Find(setting) is not { } entry)
        {
            if (setting.Fallback is null) _place.Add(_mapping.Line, $"'{Name(setting)}' is missing: {setting.Help}");
            return setting.FallbackValue;
        }

        try
        {
            return setting.Read(entry.Value, _place.Inside(setting.Name));
        }
        catch (SettingException e)
        {
            _place.Add(entry.Value.Line, $"'{Name(setting)}' {e.Message}");
            return setting.FallbackValue;
        }
    }

    /// <summary>Where a setting stands; the section's line when it is left out.</summary>
    public FileLine LineOf(Setting setting) => new(Find(setting)?.Value.Line ?? _mapping.Line);

    /// <summary>Notes that a value does not go with another.</summary>
    public void Problem(Setting setting, string sentence) => _place.Add(Find(setting)?.Value.Line ?? _mapping.Line, $"'{Name(setting)}' {sentence}");

    private YamlEntry? Find(Setting setting) =>
        _mapping.Entries.FirstOrDefault(e => e.Name == setting.Name && e.Value is not YamlText { IsNothing: true });

    private string Name(Setting setting) => _place.Inside(setting.Name).Path;
}
