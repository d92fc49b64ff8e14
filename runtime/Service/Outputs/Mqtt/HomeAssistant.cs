using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>
/// Announces the rules to Home Assistant, in one message for the whole device: a binary sensor for each rule and camera, with pictures an image for
/// each, and a sensor for the label that a rule of the camera saw last. Components of an earlier announcement that are gone are named without
/// settings, which removes them.
/// </summary>
/// <remarks>Source: Home Assistant, integration MQTT, "Device discovery payload" (2024.11 and later).</remarks>
internal static class HomeAssistant
{
    /// <summary>Of the sensor for the label that a rule saw last.</summary>
    public const string LabelComponent = "last_label";

    /// <summary>Where the announcement is published, retained.</summary>
    /// <param name="settings">With the prefix of Home Assistant's topics.</param>
    public static string Topic(MqttSettings settings) => $"{settings.HomeAssistant}/device/{Id(settings.ClientId)}/config";

    /// <summary>Identifiers of the components, in order.</summary>
    public static IEnumerable<string> Components(MqttSettings settings) =>
    [
        .. settings.Rules.Select(static rule => RuleComponent(rule.Camera, rule.Rule)),
        .. settings.Pictures is null ? [] : settings.Rules.Select(static rule => PictureComponent(rule.Camera, rule.Rule)),
        .. CamerasOf(settings).Select(LabelComponentOf),
    ];

    /// <summary>Writes the announcement as JSON.</summary>
    /// <param name="settings">The device, its topics and rules.</param>
    /// <param name="gone">Components of an earlier announcement that are to be removed.</param>
    public static byte[] Announcement(MqttSettings settings, IEnumerable<string> gone)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            WriteDevice(json, settings);
            json.WriteString("availability_topic"u8, $"{settings.Topic}/{MqttSettings.StatusTopic}");
            json.WriteNumber("qos"u8, settings.Qos);
            json.WriteStartObject("components"u8);
            foreach (var (camera, rule) in settings.Rules) WriteRule(json, settings, camera, rule);
            if (settings.Pictures is not null)
            {
                foreach (var (camera, rule) in settings.Rules) WritePicture(json, settings, camera, rule);
            }

            foreach (string? camera in CamerasOf(settings)) WriteLabel(json, settings, camera);
            foreach (string component in gone) WriteRemoved(json, component);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return text.WrittenSpan.ToArray();
    }

    private const string PicturePrefix = "picture_";

    // Only letters, digits, _ and - are allowed; a checksum keeps names apart that differ in other characters.
    private static string Id(string name)
    {
        string id = string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
        return id == name ? id : string.Create(CultureInfo.InvariantCulture, $"{id}_{Crc32.Of(Encoding.UTF8.GetBytes(name)):x8}");
    }

    private static string RuleComponent(string? camera, string rule) => $"rule_{Id(camera is null ? rule : $"{camera}/{rule}")}";

    private static string LabelComponentOf(string? camera) => camera is null ? LabelComponent : $"{LabelComponent}_{Id(camera)}";

    private static string?[] CamerasOf(MqttSettings settings) => settings.Cameras.Count == 0 ? [null] : [.. settings.Cameras];

    private static string PictureComponent(string? camera, string rule) => PicturePrefix + Id(camera is null ? rule : $"{camera}/{rule}");

    private static void WriteDevice(Utf8JsonWriter json, MqttSettings settings)
    {
        json.WriteStartObject("device"u8);
        json.WriteString("identifiers"u8, settings.ClientId);
        json.WriteString("name"u8, settings.ClientId);
        json.WriteString("manufacturer"u8, "ResNetEdge"u8);
        json.WriteString("sw_version"u8, BuildInfo.Version);
        json.WriteEndObject();
        json.WriteStartObject("origin"u8);
        json.WriteString("name"u8, "resnetedge-service"u8);
        json.WriteString("sw_version"u8, BuildInfo.Version);
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, MqttSettings settings, string? camera, string rule)
    {
        string topic = settings.Under(camera, $"{MqttSettings.RuleTopic}/{MqttSettings.Level(rule)}"), component = RuleComponent(camera, rule);
        json.WriteStartObject(component);
        json.WriteString("platform"u8, "binary_sensor"u8);
        json.WriteString("unique_id"u8, $"{settings.ClientId}_{component}");
        json.WriteString("name"u8, camera is null ? rule : $"{camera}: {rule}");
        json.WriteString("state_topic"u8, topic);
        json.WriteString("value_template"u8, "{{ 'ON' if value_json.on else 'OFF' }}"u8);
        json.WriteString("json_attributes_topic"u8, topic);
        json.WriteEndObject();
    }

    private static void WritePicture(Utf8JsonWriter json, MqttSettings settings, string? camera, string rule)
    {
        string component = PictureComponent(camera, rule);
        json.WriteStartObject(component);
        json.WriteString("platform"u8, "image"u8);
        json.WriteString("unique_id"u8, $"{settings.ClientId}_{component}");
        json.WriteString("name"u8, camera is null ? $"{rule} picture" : $"{camera}: {rule} picture");
        json.WriteString("image_topic"u8, settings.Under(camera, $"{MqttSettings.PictureTopic}/{MqttSettings.Level(rule)}"));
        json.WriteString("content_type"u8, "image/jpeg"u8);
        json.WriteEndObject();
    }

    private static void WriteLabel(Utf8JsonWriter json, MqttSettings settings, string? camera)
    {
        string component = LabelComponentOf(camera);
        json.WriteStartObject(component);
        json.WriteString("platform"u8, "sensor"u8);
        json.WriteString("unique_id"u8, $"{settings.ClientId}_{component}");
        json.WriteString("name"u8, camera is null ? "Last label" : $"{camera}: last label");
        json.WriteString("state_topic"u8, settings.Under(camera, $"{MqttSettings.RuleTopic}/+"));
        json.WriteString("value_template"u8, "{{ value_json.label }}"u8);
        json.WriteEndObject();
    }

    private static void WriteRemoved(Utf8JsonWriter json, string component)
    {
        json.WriteStartObject(component);
        json.WriteString("platform"u8, component.StartsWith(LabelComponent, StringComparison.Ordinal) ? "sensor"u8
            : component.StartsWith(PicturePrefix, StringComparison.Ordinal) ? "image"u8 : "binary_sensor"u8);
        json.WriteEndObject();
    }
}
