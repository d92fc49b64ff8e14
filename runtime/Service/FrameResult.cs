using System.Buffers;
using System.Text.Json;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service;

/// <summary>
/// What the network said of one frame, and when. One object is used again for every frame, so that a frame allocates nothing: copy what
/// is kept. For the frame thread.
/// </summary>
internal sealed class FrameResult : IDisposable
{
    /// <summary>Most places (classes, boxes) that a result names.</summary>
    public const int MostNamed = 5;

    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Utf8JsonWriter _writer;
    private bool _written;

    /// <summary>Allocates what a frame's result needs, once for all frames.</summary>
    /// <param name="answer">What the network's answers are read into.</param>
    public FrameResult(TaskResult answer)
    {
        Answer = answer;
        _writer = new Utf8JsonWriter(_json, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Name of the camera; null in a service of one camera without a name.</summary>
    public string? Camera { get; init; }

    /// <summary>Counts the frames that the service ran, from 1, over all reopenings of the camera.</summary>
    public long Frame { get; set; }

    /// <summary>The camera's own count.</summary>
    public uint Sequence { get; set; }

    /// <summary>The device's name, or the file's.</summary>
    public string Source { get; set; } = "";

    /// <summary>When the camera took it, on the monotonic clock.</summary>
    public TimeSpan CameraTime { get; set; }

    /// <summary>When the result was there, on the monotonic clock.</summary>
    public TimeSpan DoneTime { get; set; }

    /// <summary>The same by the wall clock, for display.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>Conversion, resize, normalisation, quantisation.</summary>
    public TimeSpan Preprocess { get; set; }

    /// <summary>Time that the network took.</summary>
    public TimeSpan Infer { get; set; }

    /// <summary>Of the package's ladder; 0 is the whole network.</summary>
    public int Level { get; set; }

    /// <summary>What the network said, in the terms of its task.</summary>
    public TaskResult Answer { get; }

    /// <summary>What another level of the ladder says first, where that is something else; null: it was not asked, or says the same.</summary>
    public (int Level, string? Label, int Index, float Score)? Other { get; set; }

    /// <summary>From the camera's shutter to the result.</summary>
    public TimeSpan EndToEnd => DoneTime - CameraTime;

    /// <summary>The result as one JSON object without a line end, UTF-8; there until the next frame.</summary>
    public ReadOnlyMemory<byte> Json
    {
        get
        {
            if (!_written) Write();
            _written = true;
            return _json.WrittenMemory;
        }
    }

    /// <summary>Call this after setting everything above for another frame.</summary>
    public void Changed() => _written = false;

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Write()
    {
        _json.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("event"u8, "result"u8);
        if (Camera is not null) _writer.WriteString("camera"u8, Camera);
        _writer.WriteNumber("frame"u8, Frame);
        _writer.WriteNumber("sequence"u8, Sequence);
        _writer.WriteString("time"u8, Time);
        _writer.WriteNumber("camera_time_s"u8, Math.Round(CameraTime.TotalSeconds, 6));
        _writer.WriteString("input"u8, Source);
        _writer.WriteNumber("level"u8, Level);
        Answer.WriteJson(_writer, NonFinite.Null);
        if (Other is { } other) WriteOther(other.Level, other.Label, other.Index, other.Score);
        _writer.WriteNumber("preprocess_ms"u8, Milliseconds(Preprocess));
        _writer.WriteNumber("infer_ms"u8, Milliseconds(Infer));
        _writer.WriteNumber("end_to_end_ms"u8, Milliseconds(EndToEnd));
        _writer.WriteEndObject();
        _writer.Flush();
    }

    private void WriteOther(int level, string? label, int index, float score)
    {
        _writer.WriteStartObject("other_level"u8);
        _writer.WriteNumber("level"u8, level);
        _writer.WriteNumber("index"u8, index);
        if (label is not null) _writer.WriteString("label"u8, label);
        if (float.IsFinite(score)) _writer.WriteNumber("probability"u8, score);
        else _writer.WriteNull("probability"u8);
        _writer.WriteEndObject();
    }

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 4);
}
