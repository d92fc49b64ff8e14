using System.Buffers;
using System.Text;
using System.Text.Json;
using ResNetEdge.Tasks;

namespace ResNetEdge.Cli.Reports;

/// <summary>What <c>run</c> found in one input.</summary>
/// <param name="Input">The file, or the camera.</param>
/// <param name="Item">Which of the file's batch, from 0; null when it holds one.</param>
/// <param name="Engine">That ran it.</param>
/// <param name="Answer">What the network said; null where it is not known what its outputs mean.</param>
/// <param name="InferMs">The engine's run alone.</param>
/// <param name="PreprocessMs">Resize, crop, normalise and write into the engine; for arrays the copy.</param>
/// <param name="DecodeMs">Read the file and decode it; for arrays counted with the first item, for
/// cameras part of <paramref name="PreprocessMs"/>.</param>
internal sealed record RunReport(string Input, int? Item, string Engine, TaskResult? Answer, double InferMs, double PreprocessMs, double DecodeMs)
{
    /// <summary>Cameras only: number of the frame, as the camera counts.</summary>
    public uint? Sequence { get; init; }

    /// <summary>Cameras only: frames thrown away or lost since the start.</summary>
    public long? Dropped { get; init; }

    /// <summary>Cameras only: frames since the start that could not be used.</summary>
    public long? Damaged { get; init; }

    /// <summary>Cameras only: from the camera's time of the frame to the result.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>One line of JSON. Without an answer <c>top</c> is empty: there are no classes.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("input"u8, Input);
            if (Item is { } item) json.WriteNumber("item"u8, item);
            json.WriteString("engine"u8, Engine);
            WriteAnswer(json);
            json.WriteNumber("infer_ms"u8, InferMs);
            json.WriteNumber("preprocess_ms"u8, PreprocessMs);
            json.WriteNumber("decode_ms"u8, DecodeMs);
            if (Sequence is { } sequence) json.WriteNumber("sequence"u8, sequence);
            if (Dropped is { } dropped) json.WriteNumber("dropped"u8, dropped);
            if (Damaged is { } damaged) json.WriteNumber("damaged"u8, damaged);
            if (LatencyMs is { } latency) json.WriteNumber("latency_ms"u8, latency);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteAnswer(Utf8JsonWriter json)
    {
        if (Answer is { } answer)
        {
            answer.WriteJson(json, NonFinite.Named);
            return;
        }

        json.WriteStartArray("top"u8);
        json.WriteEndArray();
    }
}
