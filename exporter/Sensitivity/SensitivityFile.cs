using System.Text.Json;
using System.Text.Json.Serialization;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>The sensitivity report's file: JSON, snake_case, units in the names.</summary>
internal static class SensitivityFile
{
    private const int MaxBytes = 16 << 20, MaxEntries = 100_000;

    /// <summary>The file's bytes.</summary>
    public static ReadOnlyMemory<byte> Write(SensitivityReport sensitivity) =>
        (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(sensitivity, SensitivityContext.Default.SensitivityReport), (byte)'\n'];

    /// <summary>The sensitivity report of a package; null when it has none.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged, or of another version. Exit 4: not the file that the manifest describes.</exception>
    public static SensitivityReport? Read(Package package) =>
        package.ReadReport(SensitivityReport.File, MaxBytes) is { } bytes ? Parse(bytes, package.Path) : null;

    /// <summary>Reads and checks the file's bytes.</summary>
    /// <param name="bytes">The JSON file's bytes.</param>
    /// <param name="package">What messages call the package.</param>
    /// <exception cref="EdgeException">Exit 3: damaged, or of another version.</exception>
    internal static SensitivityReport Parse(ReadOnlySpan<byte> bytes, string package)
    {
        try
        {
            var sensitivity =
                JsonSerializer.Deserialize(bytes, SensitivityContext.Default.SensitivityReport) ?? throw new JsonException("it is null");
            if (sensitivity.SchemaVersion != SensitivityReport.CurrentSchemaVersion)
                throw new JsonException(
                    $"schema_version is {sensitivity.SchemaVersion}, but this program reads {SensitivityReport.CurrentSchemaVersion}");
            if (sensitivity.Layers.Count + sensitivity.Blocks.Count > MaxEntries || sensitivity.Macs < 0 || sensitivity.Images < 0
                || sensitivity.HidingImages < 0)
                throw new JsonException("a figure is invalid");
            if (sensitivity.Layers.Any(l => l is null) || sensitivity.Blocks.Any(b => b is null || (sensitivity.HasLabels && b.HiddenRight is null))
                || (sensitivity.HasLabels && sensitivity.Right is null))
                throw new JsonException("an entry is missing");
            return sensitivity;
        }
        catch (JsonException e)
        {
            throw EdgeException.BadInput($"{package}: {SensitivityReport.File} cannot be used: {e.Message.TrimEnd('.')}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SensitivityReport))]
internal sealed partial class SensitivityContext : JsonSerializerContext;
