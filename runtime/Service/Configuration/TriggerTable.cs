using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Triggers;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Configuration;

/// <summary>The kinds of trigger.</summary>
internal static class TriggerTable
{
    /// <summary>In the order of the reference.</summary>
    public static IReadOnlyList<TriggerKind> All { get; } =
    [
        GpioTriggerSettings.Kind,
        ScheduleSettings.Kind,
        MqttTriggerSettings.Kind,
        SocketTriggerSettings.Kind,
    ];

    private static readonly Setting<string> Name = Settings.Text("name", "Name of the trigger in logs and answers.");
    private static readonly Setting<string> Type = Settings.Text("type", "Kind of trigger; it determines the other settings.");
    private static readonly Setting<IReadOnlyList<string>> Camera = CameraChoice.Setting("Names of the cameras that look when it asks; default: all. "
        + "Each answers apart, as soon as it has seen something.");

    /// <summary>What every trigger has, and what its type adds.</summary>
    public static Schema Schema { get; } = new("triggers", "Who asks for a look. With triggers the service looks only when it is asked, and "
        + "sleeps otherwise: the camera is closed and the rules are off.", [Name, Type, Camera])
    {
        Variants = new SchemaVariants(Type, All.ToDictionary(e => e.Type, e => e.Schema)),
    };

    /// <summary>Reads one trigger; null when there is a problem that hides what it is.</summary>
    public static TriggerSettings? Read(YamlMapping mapping, Place place)
    {
        string? type = (mapping.Entries.FirstOrDefault(e => e.Name == Type.Name)?.Value as YamlText)?.Text;
        if (All.FirstOrDefault(e => e.Type == type) is not { } entry)
        {
            place.Add(mapping.Line, $"'{place.Inside(Type.Name).Path}' must be one of {string.Join(", ", All.Select(e => e.Type))}, "
                + $"not {(type is null ? "nothing" : $"'{type}'")}");
            return null;
        }

        var section = new Section(mapping, place, Schema, entry.Schema);
        return entry.Read(section.Get(Name), section) with { Cameras = CameraChoice.Read(section, Camera) };
    }
}
