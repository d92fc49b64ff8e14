using System.Text.Json;
using System.Text.Json.Serialization;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Ledger;

/// <summary>The ledger's file: JSON, snake_case, units in the names.</summary>
internal static class LedgerFile
{
    private const int MaxBytes = 16 << 20, MaxEntries = 100_000;

    /// <summary>The file's bytes.</summary>
    public static ReadOnlyMemory<byte> Write(SensitivityLedger ledger) => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(ledger, LedgerContext.Default.SensitivityLedger), (byte)'\n'];

    /// <summary>The ledger of a package; null when it has none.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged, or of another version. Exit 4: not the file that the manifest describes.</exception>
    public static SensitivityLedger? Read(Package package) => package.ReadReport(SensitivityLedger.File, MaxBytes) is { } bytes ? Parse(bytes, package.Path) : null;

    /// <summary>Reads and checks the file's bytes.</summary>
    /// <param name="bytes">JSON.</param>
    /// <param name="package">What messages call the package.</param>
    /// <exception cref="EdgeException">Exit 3: damaged, or of another version.</exception>
    internal static SensitivityLedger Parse(ReadOnlySpan<byte> bytes, string package)
    {
        try
        {
            var ledger = JsonSerializer.Deserialize(bytes, LedgerContext.Default.SensitivityLedger) ?? throw new JsonException("it is null");
            if (ledger.SchemaVersion != SensitivityLedger.CurrentSchemaVersion)
                throw new JsonException($"schema_version is {ledger.SchemaVersion}, but this program reads {SensitivityLedger.CurrentSchemaVersion}");
            if (ledger.Layers.Count + ledger.Blocks.Count > MaxEntries || ledger.Macs < 0 || ledger.Images < 0 || ledger.HidingImages < 0) throw new JsonException("a figure is invalid");
            if (ledger.Layers.Any(l => l is null) || ledger.Blocks.Any(b => b is null || (ledger.HasLabels && b.HiddenRight is null)) || (ledger.HasLabels && ledger.Right is null))
                throw new JsonException("an entry is missing");
            return ledger;
        }
        catch (JsonException e)
        {
            throw EdgeException.BadInput($"{package}: {SensitivityLedger.File} cannot be used: {e.Message.TrimEnd('.')}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SensitivityLedger))]
internal sealed partial class LedgerContext : JsonSerializerContext;
