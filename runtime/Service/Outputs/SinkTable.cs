using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Outputs.Webhook;

namespace ResNetEdge.Service.Outputs;

/// <summary>The kinds of output.</summary>
internal static class SinkTable
{
    /// <summary>One kind.</summary>
    /// <param name="Type">As in the configuration.</param>
    /// <param name="Schema">Its settings, besides <c>name</c> and <c>type</c>.</param>
    /// <param name="Read">Reads them.</param>
    internal sealed record Entry(string Type, Schema Schema, Func<string, Section, SinkSettings> Read);

    /// <summary>In the order of the reference.</summary>
    public static IReadOnlyList<Entry> All { get; } = [GpioSettings.Entry, JsonLinesSettings.Entry, MqttSettings.Entry, WebhookSettings.Entry, UnixSocketSettings.Entry];

    private static readonly Setting<string> Name = Settings.Text("name", "Name by which rules refer to this output.");
    private static readonly Setting<string> Type = Settings.Text("type", "Kind of output; it determines the other settings.");

    /// <summary>What every output has, and what its type adds.</summary>
    public static Schema Schema { get; } = new("outputs", "Where results and decisions go.", [Name, Type])
    {
        Variants = new SchemaVariants(Type, All.ToDictionary(e => e.Type, e => e.Schema)),
    };

    /// <summary>Reads one output; null when there is a problem that hides what it is.</summary>
    public static SinkSettings? Read(YamlMapping mapping, Place place)
    {
        string? type = (mapping.Entries.FirstOrDefault(e => e.Name == Type.Name)?.Value as YamlText)?.Text;
        if (All.FirstOrDefault(e => e.Type == type) is not { } entry)
        {
            place.Add(mapping.Line, $"'{place.Inside(Type.Name).Path}' must be one of {string.Join(", ", All.Select(e => e.Type))}, not {(type is null ? "nothing" : $"'{type}'")}");
            return null;
        }

        var section = new Section(mapping, place, Schema, entry.Schema);
        return entry.Read(section.Get(Name), section);
    }
}
