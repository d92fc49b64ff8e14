using System.Globalization;

namespace ResNetEdge.Metrics;

/// <summary>Resident memory of this process as Linux counts it (/proc/self/status and clear_refs; see proc(5)).</summary>
internal static class PeakRss
{
    private const string StatusPath = "/proc/self/status";

    /// <summary>Most ever resident at once (<c>VmHWM</c>), or since <see cref="TryReset"/>; mebibytes, null where the system does not say.</summary>
    public static double? Mebibytes() => Parse(StatusPath, "VmHWM:");

    /// <summary>Resident now (<c>VmRSS</c>), in mebibytes.</summary>
    public static double? CurrentMebibytes() => Parse(StatusPath, "VmRSS:");

    /// <summary>Sets the peak back to what is resident now, so that the next peak belongs to the next piece of work.</summary>
    /// <returns>False where the system does not allow it.</returns>
    public static bool TryReset()
    {
        const string resetPeak = "5";
        try
        {
            File.WriteAllText("/proc/self/clear_refs", resetPeak);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // the caller reports that the increase cannot be told
        }
    }

    /// <summary>Reads a field of a status file.</summary>
    internal static double? Parse(string path, string field)
    {
        if (!File.Exists(path)) return null;
        foreach (string line in File.ReadLines(path))
        {
            if (!line.StartsWith(field, StringComparison.Ordinal)) continue;
            var words = line.AsSpan(field.Length).Trim();
            const string unit = " kB";
            return words.EndsWith(unit) && long.TryParse(words[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
                ? kibibytes / 1024.0
                : null;
        }

        return null;
    }
}
