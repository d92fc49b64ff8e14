using System.Text.Json;
using System.Text.Json.Serialization;
using ResNetEdge.Cli.Reports;

namespace ResNetEdge.Benchmarks.Suite;

/// <summary>One line of a benchmark log: one model at one number of threads, both engines in turns in one process.</summary>
internal sealed record SuiteLine
{
    /// <summary>ISO 8601, UTC.</summary>
    public required string Date { get; init; }

    /// <summary>What the program was built from.</summary>
    public required string Commit { get; init; }

    /// <summary>As typed after <c>dotnet run --project benchmarks -c Release --</c>.</summary>
    public required string Command { get; init; }

    public required MachineReport Machine { get; init; }

    /// <summary>File name without its folder.</summary>
    public required string Model { get; init; }

    public required int Threads { get; init; }

    /// <summary>Timed, both engines together.</summary>
    public required double Seconds { get; init; }

    /// <summary>ONNX Runtime's p50 over ours: above 1, ours is faster.</summary>
    public required double RatioP50 { get; init; }

    /// <summary>The same of the shortest inferences, which noise touches least.</summary>
    public required double RatioMin { get; init; }

    public string? OnnxRuntimeVersion { get; init; }

    /// <summary>Ours, then ONNX Runtime. Peak memory is each engine's own increase; the process's peak would be that of all models so far.</summary>
    public required IReadOnlyList<EngineBench> Engines { get; init; }

    /// <summary>The line without its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SuiteJson.Default.SuiteLine);

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not one, or lacks a field.</exception>
    public static SuiteLine Parse(string json) =>
        JsonSerializer.Deserialize(json, SuiteJson.Default.SuiteLine) ?? throw new JsonException("an empty line");
}

/// <summary>snake_case, nothing where nothing is known.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SuiteLine))]
internal sealed partial class SuiteJson : JsonSerializerContext;
