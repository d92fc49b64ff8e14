using System.Globalization;

namespace ResNetEdge.Metrics;

/// <summary>The most memory that this process ever had resident at once, as Linux counts it (<c>VmHWM</c> in /proc/self/status; see proc(5)).</summary>
internal static class PeakRss
{
    private const string Field = "VmHWM:";

    /// <summary>Mebibytes, or null where the system does not say.</summary>
    public static double? Mebibytes() => Parse("/proc/self/status");

    /// <summary>Reads the field of a status file.</summary>
    internal static double? Parse(string path)
    {
        if (!File.Exists(path)) return null;
        foreach (string line in File.ReadLines(path))
        {
            if (!line.StartsWith(Field, StringComparison.Ordinal)) continue;
            var words = line.AsSpan(Field.Length).Trim();
            const string unit = " kB";
            return words.EndsWith(unit) && long.TryParse(words[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
                ? kibibytes / 1024.0
                : null;
        }

        return null;
    }
}
