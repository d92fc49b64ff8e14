using ResNetEdge.Packages;

namespace ResNetEdge.Service.Model;

/// <summary>
/// What tells that another package may lie at a path, without reading it: where links lead, and the manifest's (or zip's) length and time.
/// </summary>
/// <param name="Target">Where the path leads.</param>
/// <param name="Length">Of the manifest or archive; -1 when there is none.</param>
/// <param name="Ticks">When it was last written.</param>
internal sealed record PackageStamp(string Target, long Length, long Ticks)
{
    /// <summary>Of nothing: whatever lies there is another.</summary>
    public static PackageStamp None { get; } = new("", -1, 0);

    /// <summary>Of what lies there now.</summary>
    public static PackageStamp Of(string path)
    {
        try
        {
            string target = LinkTarget.Of(path);
            var file = new FileInfo(Directory.Exists(target) ? Path.Combine(target, PackageFiles.Manifest) : target);
            return file.Exists ? new PackageStamp(target, file.Length, file.LastWriteTimeUtc.Ticks) : new PackageStamp(target, -1, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PackageStamp(path, -1, 0); // being replaced at this moment; the next look sees what came of it
        }
    }
}
