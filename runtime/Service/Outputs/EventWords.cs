using System.Globalization;
using System.Text.Json;

namespace ResNetEdge.Service.Outputs;

/// <summary>An event in words, for what people read: notifications on a phone.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Label">What decided; empty when nothing did.</param>
/// <param name="Percent">Its probability; empty when there is none.</param>
/// <param name="Time">By the machine's time zone.</param>
/// <param name="Sentence">All of it in short.</param>
internal sealed record EventWords(string Rule, string Label, string Percent, string Time, string Sentence)
{
    /// <summary>The words that a template may have, each in braces.</summary>
    public static IReadOnlyList<string> Known { get; } = ["rule", "label", "percent", "time", "sentence"];

    /// <summary>Of an event as <see cref="RuleEventJson"/> writes it.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="zone">For the time.</param>
    /// <exception cref="IOException">It is not such an event: somebody changed the file.</exception>
    public static EventWords Of(byte[] json, TimeZoneInfo zone)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            string rule = Line(root.GetProperty("rule"u8).GetString()), label = Line(root.GetProperty("label"u8).GetString());
            var probability = root.GetProperty("probability"u8);
            string percent = label.Length > 0 && probability.ValueKind == JsonValueKind.Number
                ? string.Create(CultureInfo.InvariantCulture, $"{100 * probability.GetDouble():F0} %") : "";
            string time = TimeZoneInfo.ConvertTime(root.GetProperty("time"u8).GetDateTimeOffset(), zone)
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            string what = percent.Length > 0 ? $"{label}, {percent}" : label;
            bool isOn = root.GetProperty("on"u8).GetBoolean();
            return new(rule, label, percent, time, isOn ? what.Length > 0 ? $"{rule}: {what}" : rule : $"{rule} is over");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new IOException("an event of the queue is damaged", e);
        }
    }

    /// <summary>A template with the words put in.</summary>
    /// <param name="template">With names of <see cref="Known"/> in braces.</param>
    public string Fill(string template) => template
        .Replace("{rule}", Rule, StringComparison.Ordinal).Replace("{label}", Label, StringComparison.Ordinal)
        .Replace("{percent}", Percent, StringComparison.Ordinal).Replace("{time}", Time, StringComparison.Ordinal)
        .Replace("{sentence}", Sentence, StringComparison.Ordinal);

    /// <summary>What a template names that there is not; null: nothing.</summary>
    public static string? Unknown(string template)
    {
        foreach (string part in template.Split('{').Skip(1))
        {
            int end = part.IndexOf('}', StringComparison.Ordinal);
            string name = end < 0 ? part : part[..end];
            if (end < 0 || !Known.Contains(name)) return name;
        }

        return null;
    }

    // A label comes from a package: whatever could end a header or a line is a space.
    private static string Line(string? text) => string.Concat((text ?? "").Select(static c => char.IsControl(c) ? ' ' : c));
}
