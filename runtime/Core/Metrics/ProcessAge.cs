using System.Globalization;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Metrics;

/// <summary>How long ago the system started this process, before any of its own code ran (/proc/self/stat, field 22; see proc(5)).</summary>
internal static class ProcessAge
{
    /// <summary>
    /// The kernel tells the start in steps of 10 ms, rounded down, so this is up to 10 ms too long, never too short. Null where it does not tell.
    /// </summary>
    public static TimeSpan? Now()
    {
        const string path = "/proc/self/stat";
        if (!File.Exists(path) || StartTicks(File.ReadAllText(path)) is not { } ticks) return null;
        const double ticksPerSecond = 100; // USER_HZ, part of Linux's binary interface
        return Libc.SinceBoot() is { } now ? now - TimeSpan.FromSeconds(ticks / ticksPerSecond) : null;
    }

    /// <summary>Field 22 of a stat line. The program's name, field 2, stands in parentheses and may itself hold spaces and parentheses.</summary>
    internal static long? StartTicks(string stat)
    {
        const int startField = 22, firstAfterName = 3;
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > startField - firstAfterName
            && long.TryParse(fields[startField - firstAfterName], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) ? ticks : null;
    }
}
