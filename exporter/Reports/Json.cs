using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ResNetEdge.Exporter.Reports;

/// <summary>JSON as the program prints it: one object a line, snake_case, nothing where nothing is known.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportReport))]
[JsonSerializable(typeof(EvaluateReport))]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(KeygenReport))]
[JsonSerializable(typeof(SignReport))]
internal sealed partial class Json : JsonSerializerContext
{
    /// <summary>Prints one line.</summary>
    public static void WriteLine<T>(TextWriter writer, T value, JsonTypeInfo<T> type) => writer.Write(JsonSerializer.Serialize(value, type) + "\n");
}
