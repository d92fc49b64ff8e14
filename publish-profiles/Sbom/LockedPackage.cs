namespace ResNetEdge.Sbom;

/// <summary>A NuGet package as a lock file has it.</summary>
/// <param name="Name">Of the package.</param>
/// <param name="Version">That was resolved.</param>
/// <param name="ContentHash">NuGet's own, SHA-512 in Base64; over the content, so not the hash of the downloaded file.</param>
/// <param name="Dependencies">Names of packages that it needs.</param>
internal sealed record LockedPackage(string Name, string Version, string ContentHash, IReadOnlyList<string> Dependencies)
{
    /// <summary>Package URL, by which databases of vulnerabilities know it.</summary>
    public string Purl => $"pkg:nuget/{Name}@{Version}";
}
