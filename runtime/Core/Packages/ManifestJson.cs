using System.Text.Json;
using System.Text.Json.Serialization;
using ResNetEdge.Files;
using ResNetEdge.Model;
using ResNetEdge.Tasks;

namespace ResNetEdge.Packages;

/// <summary>Reads, checks and writes <c>manifest.json</c>. Unknown properties are skipped: a later exporter may say more.</summary>
internal static class ManifestJson
{
    /// <summary>A longer manifest is refused.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The file.</param>
    /// <param name="package">What messages call the package.</param>
    /// <exception cref="EdgeException">Exit 3: no JSON, an unknown schema version, or a value that is missing or impossible.</exception>
    public static Manifest Read(ReadOnlySpan<byte> json, string package)
    {
        json = Utf8Text.WithoutMark(json);
        try
        {
            if (Utf8Text.Fault(json) is { } fault) throw new FormatException(fault);
            int version = JsonSerializer.Deserialize(json, ManifestContext.Default.ManifestVersion)?.SchemaVersion
                ?? throw new FormatException("schema_version is missing");
            if (version != Manifest.CurrentSchemaVersion)
                throw new FormatException($"schema_version is {version}, but this program reads {Manifest.CurrentSchemaVersion}; "
                    + "use a version of the program that matches the package");
            var manifest = JsonSerializer.Deserialize(json, ManifestContext.Default.Manifest)!;
            Check(manifest);
            return manifest;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw EdgeException.BadInput($"{package}: manifest.json cannot be used: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>The file's bytes, UTF-8.</summary>
    public static byte[] Write(Manifest manifest)
    {
        Check(manifest);
        return [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestContext.Default.Manifest), (byte)'\n'];
    }

    /// <exception cref="FormatException">A value is impossible.</exception>
    private static void Check(Manifest manifest)
    {
        RequireElements(manifest);
        Require(Precisions.All.Contains(manifest.Precision),
            $"unknown precision '{manifest.Precision}'; known precisions: {string.Join(", ", Precisions.All)}");
        Require(manifest.ModelVersion is null or (>= 0 and <= Manifest.MaxModelVersion), $"a model_version of {manifest.ModelVersion} is impossible");
        if (manifest.Task is { } task && TaskTable.Fault(task) is { } fault) throw new FormatException(fault);
        Require(manifest.Inputs.Count > 0, "there are no inputs");
        foreach (var input in manifest.Inputs)
        {
            Require(ElementNames.TryParse(input.Type, out _), $"input '{input.Name}' has the unknown type '{input.Type}'");
            Require(input.Shape.All(d => d > 0), $"input '{input.Name}' has the impossible shape {string.Join('x', input.Shape)}");
            Require(input.Layout is null || (input.Layout is "NCHW" or "NHWC" && input.Shape.Count == 4),
                $"input '{input.Name}' has the impossible layout '{input.Layout}'");
        }

        CheckStates(manifest);
        if (manifest.Preprocess is not null) CheckPicture(manifest.Preprocess, manifest.Inputs[0]);
        if (manifest.Golden is { } golden)
        {
            Require(golden.Count is > 0 and <= Golden.MaxCount, $"the number of golden vectors, {golden.Count}, is out of range");
            CheckTolerance("golden", golden.MaxAbsDifference, golden.MaxRmsDifference);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            Require(PackageFiles.IsSafeName(file.Path), $"'{file.Path}' is not a valid file name in a package");
            Require(names.Add(file.Path), $"'{file.Path}' is listed twice");
            Require(file.Bytes >= 0 && IsHex(file.Sha256, 64) && IsHex(file.Crc32c, 8), $"the length or a checksum of '{file.Path}' is malformed");
        }

        Require(names.Contains(PackageFiles.Model), $"'{PackageFiles.Model}' is not listed");
        if (manifest.Ladder is not null) CheckLadder(manifest.Ladder, names);
        Require(manifest.Labels is null || names.Contains(manifest.Labels), $"the labels file '{manifest.Labels}' is not listed");
    }

    // The serializer refuses null where a property is not nullable, but not within lists.
    private static void RequireElements(Manifest manifest)
    {
        Require(!manifest.Inputs.Contains(null!), "inputs contains null");
        Require(!manifest.Files.Contains(null!), "files contains null");
        Require(manifest.States?.Contains(null!) != true, "states contains null");
        if (manifest.Ladder is not { } ladder) return;
        Require(!ladder.Rungs.Contains(null!), "the ladder's rungs contain null");
        Require(ladder.Rungs.All(r => !r.HiddenBlocks.Contains(null!) && !r.Splices.Contains(null!)),
            "a level's hidden_blocks or splices contain null");
    }

    private static void CheckStates(Manifest manifest)
    {
        var states = manifest.States ?? [];
        foreach (var state in states)
        {
            Require(manifest.Inputs.Any(i => i.Name == state.Input), $"states name the unknown input '{state.Input}'");
            Require(states.Count(s => s.Input == state.Input) == 1, $"states name input '{state.Input}' twice");
            Require(states.Count(s => s.Output == state.Output) == 1, $"states name output '{state.Output}' twice");
            Require(manifest.Preprocess is null || state.Input != manifest.Inputs[0].Name,
                $"input '{state.Input}' takes pictures and cannot be a state");
        }
    }

    private static void CheckPicture(ManifestPreprocess preprocess, ManifestInput input)
    {
        var spec = preprocess.ToSpec();
        Require(input.Layout is not null, $"input '{input.Name}' takes pictures but has no layout");
        int[] wanted = input.Layout == "NCHW" ? [spec.Channels, spec.Height, spec.Width] : [spec.Height, spec.Width, spec.Channels];
        Require(input.Shape.Skip(1).SequenceEqual(wanted),
            $"input '{input.Name}' of shape {string.Join('x', input.Shape)} does not fit pictures of {string.Join('x', wanted)}");
    }

    private static void CheckLadder(ManifestLadder ladder, HashSet<string> names)
    {
        Require(names.Contains(ladder.File), $"the ladder's file '{ladder.File}' is not listed");
        Require(ladder.Rungs.Count is > 0 and <= ManifestLadder.MaxRungs, $"a ladder of {ladder.Rungs.Count} levels is impossible");
        for (int i = 0; i < ladder.Rungs.Count; i++)
        {
            var rung = ladder.Rungs[i];
            Require(rung.Splices.Count > 0, $"level {i + 1} replaces nothing");
            Require(rung.Splices.All(s => s.Value.Length > 0 && s.With.Length > 0), $"level {i + 1} replaces a value without a name");
            if (rung.Splices.GroupBy(s => s.Value, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
                Require(false, $"level {i + 1} replaces '{twice.Key}' twice");
            Require(rung.Macs >= 0, $"level {i + 1} has {rung.Macs} multiply-accumulates");
            CheckTolerance($"level {i + 1}'s", rung.MaxAbsDifference, rung.MaxRmsDifference);
        }
    }

    private static void CheckTolerance(string whose, double maxAbs, double? maxRms)
    {
        Require(double.IsFinite(maxAbs) && maxAbs >= 0, $"{whose} max_abs_difference is {maxAbs}");
        if (maxRms is { } rms) Require(double.IsFinite(rms) && rms >= 0, $"{whose} max_rms_difference is {rms}");
    }

    private static bool IsHex(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigitLower);

    private static void Require(bool condition, string otherwise)
    {
        if (!condition) throw new FormatException(otherwise);
    }
}

/// <summary>The one property that every version has.</summary>
internal sealed record ManifestVersion(int? SchemaVersion);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ManifestVersion))]
internal sealed partial class ManifestContext : JsonSerializerContext;
