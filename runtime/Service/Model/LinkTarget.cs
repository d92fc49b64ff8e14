namespace ResNetEdge.Service.Model;

/// <summary>Where a path leads.</summary>
internal static class LinkTarget
{
    /// <summary>Follows every link; a path that is none comes back as it is, without a slash at its end.</summary>
    /// <exception cref="IOException">Links that lead in a circle, or something that is being replaced at this moment.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be read.</exception>
    public static string Of(string path)
    {
        string plain = Path.TrimEndingDirectorySeparator(path);
        FileSystemInfo place = Directory.Exists(plain) ? new DirectoryInfo(plain) : new FileInfo(plain);
        return place.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? plain;
    }
}
