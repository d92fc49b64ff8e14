using System.Text.Json;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>The frontier that <c>hide</c> leaves in a package, read again.</summary>
internal static class FrontierFile
{
    private const int MaxBytes = 16 << 20, MaxLevels = ManifestLadder.MaxRungs + 1;

    /// <summary>Its levels, level 0 first; null when the package has none.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged. Exit 4: not the file that the manifest describes.</exception>
    public static IReadOnlyList<FrontierReport>? Read(Package package)
    {
        if (package.ReadReport(HiddenPackage.Frontier, MaxBytes) is not { } bytes) return null;
        try
        {
            var levels = (JsonSerializer.Deserialize(bytes, FrontierJson.Default.HideReport) ?? throw new JsonException("it is null")).Frontier;
            if (levels is null || levels.Count is 0 or > MaxLevels || levels.Any(l => l?.HiddenBlocks is null || l.P50Ms < 0))
                throw new JsonException("a level is invalid");
            return levels;
        }
        catch (JsonException e)
        {
            throw EdgeException.BadInput($"{package.Path}: {HiddenPackage.Frontier} cannot be used: {e.Message.TrimEnd('.')}", e);
        }
    }
}
