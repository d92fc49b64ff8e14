using System.Text.Json.Serialization;

namespace ResNetEdge.Service.Telemetry;

/// <summary>What a collector answers to metrics that it took: an ExportMetricsServiceResponse.</summary>
internal sealed record OtlpAnswer
{
    /// <summary>There when it left some out.</summary>
    public Part? PartialSuccess { get; init; }

    /// <summary>What it left out.</summary>
    /// <param name="RejectedDataPoints">How many; in JSON a string or a number.</param>
    /// <param name="ErrorMessage">Why, or a warning.</param>
    internal sealed record Part(long RejectedDataPoints, string? ErrorMessage);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(OtlpAnswer))]
internal sealed partial class OtlpContext : JsonSerializerContext;
