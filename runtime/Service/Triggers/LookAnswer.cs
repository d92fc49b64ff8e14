using System.Buffers;
using System.Text.Json;

namespace ResNetEdge.Service.Triggers;

/// <summary>What a camera's look gave, as JSON for whoever asked.</summary>
internal static class LookAnswer
{
    /// <summary>The one answer to a request for which there is no room.</summary>
    public static ReadOnlyMemory<byte> Refusal(LookRequest request) => Of(request, null, 1, TimeSpan.Zero, 0, [], [], "too many requests wait");

    /// <summary>Writes an answer.</summary>
    /// <param name="request">That is answered.</param>
    /// <param name="camera">Name of the camera that looked; null: it has none.</param>
    /// <param name="answers">How many the request has, of all cameras together.</param>
    /// <param name="latency">Since it was asked.</param>
    /// <param name="frames">That were run.</param>
    /// <param name="result">Of the last of them, as outputs get it; empty: there was none.</param>
    /// <param name="rulesOn">Names of the rules that are on after it.</param>
    /// <param name="error">Why there are fewer frames than asked for; null: there are not.</param>
    /// <returns>One object, UTF-8, without a line end.</returns>
    public static ReadOnlyMemory<byte> Of(
        LookRequest request, string? camera, int answers, TimeSpan latency, int frames, ReadOnlySpan<byte> result, IEnumerable<string> rulesOn,
        string? error)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("event"u8, "look"u8);
        if (camera is not null)
        {
            writer.WriteString("camera"u8, camera);
            writer.WriteNumber("answers"u8, answers);
        }

        writer.WriteString("trigger"u8, request.Trigger);
        writer.WriteNumber("frames"u8, frames);
        writer.WriteNumber("latency_ms"u8, Math.Round(latency.TotalMilliseconds, 3));
        writer.WriteStartArray("rules"u8);
        foreach (string rule in rulesOn) writer.WriteStringValue(rule);
        writer.WriteEndArray();
        writer.WritePropertyName("result"u8);
        if (result.IsEmpty) writer.WriteNullValue();
        else writer.WriteRawValue(result, skipInputValidation: true);
        if (error is null) writer.WriteNull("error"u8);
        else writer.WriteString("error"u8, error);
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }
}
