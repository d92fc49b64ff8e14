using System.Buffers;
using System.Text.Json;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Outputs;

/// <summary>Rule events as JSON, one object each; the same memory again and again. For one thread.</summary>
internal sealed class RuleEventJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _json = new(512);
    private readonly Utf8JsonWriter _writer;

    /// <summary>Allocates the buffer, which every event uses again.</summary>
    public RuleEventJson() => _writer = new Utf8JsonWriter(_json, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Writes one event as a JSON object; the bytes hold until the next call.</summary>
    /// <returns>UTF-8 without a line end; there until the next call.</returns>
    public ReadOnlySpan<byte> Write(in RuleEvent change)
    {
        _json.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("event"u8, "rule"u8);
        _writer.WriteString("rule"u8, change.Rule);
        if (change.Camera is not null) _writer.WriteString("camera"u8, change.Camera);
        _writer.WriteBoolean("on"u8, change.IsOn);
        _writer.WriteString("label"u8, change.Label);
        if (float.IsFinite(change.Probability)) _writer.WriteNumber("probability"u8, change.Probability);
        else _writer.WriteNull("probability"u8);
        _writer.WriteString("reason"u8, change.Reason);
        _writer.WriteNumber("frame"u8, change.Frame);
        _writer.WriteNumber("camera_time_s"u8, Math.Round(change.CameraTime.TotalSeconds, 6));
        _writer.WriteString("time"u8, change.Time);
        if (change.Why is { } why) Write(why);
        _writer.WriteEndObject();
        _writer.Flush();
        return _json.WrittenSpan;
    }

    private void Write(in RuleWhy why)
    {
        _writer.WriteStartObject("why"u8);
        _writer.WriteNumber("threshold"u8, why.Threshold);
        _writer.WriteNumber("counted"u8, why.Counted);
        _writer.WriteNumber("frames"u8, why.Frames);
        _writer.WriteNumber("of"u8, why.Of);
        if (why.Active is not null) _writer.WriteString("active"u8, why.Active);
        if (why.Armed is not null) _writer.WriteString("armed"u8, why.Armed);
        _writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
