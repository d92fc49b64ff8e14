using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ResNetEdge.Cli.Reports;

/// <summary>JSON as the program prints it: one object a line, snake_case, nothing where nothing is known.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(LayerReport))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class Json : JsonSerializerContext
{
    /// <summary>Prints one line and passes it on at once, so that a reader of a pipe sees results as they come.</summary>
    public static void WriteLine<T>(TextWriter writer, T value, JsonTypeInfo<T> type) => WriteLine(writer, JsonSerializer.Serialize(value, type));

    /// <summary>Prints one line that is JSON already.</summary>
    public static void WriteLine(TextWriter writer, string json)
    {
        writer.Write(json + "\n");
        writer.Flush();
    }
}
