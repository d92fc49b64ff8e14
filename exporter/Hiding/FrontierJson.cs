using System.Text.Json.Serialization;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>The frontier as JSON, in the package and on the terminal: snake_case, nothing where nothing is known.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HideReport))]
internal sealed partial class FrontierJson : JsonSerializerContext;
