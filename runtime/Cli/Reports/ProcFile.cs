using System.Globalization;

namespace ResNetEdge.Cli.Reports;

/// <summary>
/// Small text files in which Linux describes a machine. What is not there, or not readable by this user, is null: these are facts for reports only.
/// </summary>
internal static class ProcFile
{
    /// <summary>The first line.</summary>
    public static string? Line(string path) => Lines(path).FirstOrDefault()?.Trim() is { Length: > 0 } line ? line : null;

    /// <summary>The value of the first line that begins with a name, as in <c>name : value</c>.</summary>
    public static string? Field(string path, string name, char separator = ':')
    {
        foreach (string line in Lines(path))
        {
            int end = line.IndexOf(separator, StringComparison.Ordinal);
            if (end > 0 && line.AsSpan(0, end).Trim().SequenceEqual(name)) return line[(end + 1)..].Trim();
        }

        return null;
    }

    /// <summary>A number, or null when there is none.</summary>
    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // a machine without this file: the report says null
        }
    }
}
