using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Frames;
using ResNetEdge.Service.Outputs.Mqtt;
#if EDGE_PARTS
using ResNetEdge.Service.Outputs.Parts;
#endif
using ResNetEdge.Service.Outputs.Webhook;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Configuration;

/// <summary>The kinds of output.</summary>
internal static class SinkTable
{
    /// <summary>In the order of the reference.</summary>
    public static IReadOnlyList<SinkKind> All { get; } =
    [
        GpioSettings.Kind,
        JsonLinesSettings.Kind,
        MqttSettings.Kind,
        WebhookSettings.Kind,
        UnixSocketSettings.Kind,
        FramesSettings.Kind,
#if EDGE_PARTS
        DisplaySettings.Kind,
        LedsSettings.Kind,
        ServoSettings.Kind,
        BuzzerSettings.Kind,
        PwmSettings.Kind,
#endif
    ];

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
            place.Add(mapping.Line, $"'{place.Inside(Type.Name).Path}' must be one of {string.Join(", ", All.Select(e => e.Type))}, "
                + $"not {(type is null ? "nothing" : $"'{type}'")}");
            return null;
        }

        var section = new Section(mapping, place, Schema, entry.Schema);
        return entry.Read(section.Get(Name), section);
    }
}
