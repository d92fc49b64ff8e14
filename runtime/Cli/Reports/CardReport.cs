using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ResNetEdge.Device.Sensors;

namespace ResNetEdge.Cli.Reports;

/// <summary>
/// What <c>bench --card</c> writes: one board and one network, with all that somebody elsewhere needs to compare the figures with a model of the
/// board. Holds no name of a host, a user or a folder.
/// </summary>
internal sealed class CardReport
{
    /// <summary>Rises when a field changes its meaning.</summary>
    private const int SchemaVersion = 1;

    public required BoardReport Board { get; init; }

    /// <summary>Heat and clock before the first measurement.</summary>
    public required MachineState Before { get; init; }

    /// <summary>The same after the last: a board that throttles shows here.</summary>
    public required MachineState After { get; init; }

    /// <summary>The package's or the graph's own name.</summary>
    public required string Network { get; init; }

    public required string Precision { get; init; }

    public required long Macs { get; init; }

    public required long Parameters { get; init; }

    /// <summary>One for each number of threads, the default first, then one thread.</summary>
    public required IReadOnlyList<BenchReport> Rounds { get; init; }

    /// <summary>Of the last round.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>Whether this machine computes what the exporter recorded; null for a bare ONNX file.</summary>
    public VerifyReport? Golden { get; init; }

    /// <summary>One line of JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema_version"u8, SchemaVersion);
            Board.WriteJson(json);
            Write(json, "before", Before);
            Write(json, "after", After);
            json.WriteString("network"u8, Network);
            json.WriteString("precision"u8, Precision);
            json.WriteNumber("macs"u8, Macs);
            json.WriteNumber("parameters"u8, Parameters);
            Write(json, "rounds", Rounds, Json.Default.BenchReport);
            Write(json, "layers", Layers, Json.Default.LayerReport);
            if (Golden is { } golden)
            {
                json.WritePropertyName("golden"u8);
                json.WriteRawValue(JsonSerializer.Serialize(golden, Json.Default.VerifyReport));
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, MachineState state)
    {
        json.WriteStartObject(name);
        json.WriteStartObject("temperature_c"u8);
        foreach (var zone in state.Zones) json.WriteNumber(zone.Name, zone.Celsius);
        json.WriteEndObject();
        if (state.CpuMHz is { } clock) json.WriteNumber("clock_mhz"u8, clock);
        json.WriteStartArray("throttles"u8);
        foreach (string reason in state.Throttles) json.WriteStringValue(reason);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> values, JsonTypeInfo<T> type) where T : class
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteRawValue(JsonSerializer.Serialize(value, type));
        json.WriteEndArray();
    }
}
