using System.Text.Json;
using System.Text.Json.Serialization;
using ResNetEdge.Files;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Model;

/// <summary>
/// Keeps a service from going back: the highest model version that ran is kept in the state folder, and a package of a lower one is
/// refused, so that an old package with a known weakness, though rightly signed, does not come back. A package without version counts as 0.
/// </summary>
/// <remarks>The record is only as safe as the state folder, which belongs to the service alone. Not safe for several threads at once.</remarks>
internal sealed class ModelVersionGuard
{
    /// <summary>The file's name in the state folder.</summary>
    public const string FileName = "model-version.json";

    private const int MaxBytes = 4096;
    private readonly string _path;

    private ModelVersionGuard(string path, long highest) => (_path, Highest) = (path, highest);

    /// <summary>The highest version that ran; 0 before the first.</summary>
    public long Highest { get; private set; }

    /// <summary>Reads the record.</summary>
    /// <param name="stateFolder">Of the service.</param>
    /// <exception cref="EdgeException">Exit 3: the file is there and cannot be used. It is never
    /// passed over: that would open the way back.</exception>
    public static ModelVersionGuard Open(string stateFolder)
    {
        string path = Path.Combine(stateFolder, FileName);
        return new(path, File.Exists(path) ? Read(path) : 0);
    }

    /// <summary>Goes on only with a version that is no step back.</summary>
    /// <param name="package">Named in the refusal.</param>
    /// <param name="version">Its model version; null counts as 0.</param>
    /// <param name="allowsDowngrade">The configuration says that going back is meant.</param>
    /// <exception cref="EdgeException">Exit 4: the version is lower than one that ran here.</exception>
    public void Check(string package, long? version, bool allowsDowngrade)
    {
        if (allowsDowngrade || (version ?? 0) >= Highest) return;
        string what = version is null ? "has no model version" : $"is model version {version}";
        throw EdgeException.Refused(
            $"{package}: {what}, but version {Highest} has already run here; a lower one is accepted only if the configuration allows the downgrade");
    }

    /// <summary>
    /// Records that a version runs. One that was allowed to be lower becomes the highest: the way
    /// back was meant, and stays open after the next start.
    /// </summary>
    /// <param name="version">The package's; null counts as 0.</param>
    /// <exception cref="EdgeException">Exit 5: the state folder cannot be written.</exception>
    public void Ran(long? version)
    {
        if ((version ?? 0) == Highest) return;
        var record = new ModelVersionRecord(version ?? 0);
        AtomicFile.Write(_path,
            stream => stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(record, ModelVersionContext.Default.ModelVersionRecord), (byte)'\n']));
        Highest = record.HighestModelVersion;
    }

    private static long Read(string path)
    {
        byte[] json = BoundedFile.Read(path, MaxBytes, "record of the model's version");
        try
        {
            long version = JsonSerializer.Deserialize(json, ModelVersionContext.Default.ModelVersionRecord)?.HighestModelVersion
                ?? throw new JsonException("it is null");
            return version is >= 0 and <= Manifest.MaxModelVersion ? version : throw new JsonException($"{version} is not a model version");
        }
        catch (JsonException e)
        {
            throw EdgeException.BadInput($"{path}: the record of the model's version cannot be used: {e.Message.TrimEnd('.')}; "
                + "delete the file only if you trust the package that is there now", e);
        }
    }
}

/// <summary>What the state folder remembers of the versions that ran.</summary>
/// <param name="HighestModelVersion">That ran here.</param>
internal sealed record ModelVersionRecord(long HighestModelVersion);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelVersionRecord))]
internal sealed partial class ModelVersionContext : JsonSerializerContext;
