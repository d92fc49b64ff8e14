using System.Globalization;
using ResNetEdge.Files;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Outputs.Frames;

/// <summary>The first day's histogram of scores in a file, one count a line, so that a restart does not begin another first day.</summary>
internal static class ScoreReference
{
    private const int MostBytes = 4096;

    /// <summary>Reads it.</summary>
    /// <returns>Null: the file is missing or damaged, and another first day begins.</returns>
    public static long[]? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            string text = Utf8Text.Decode(BoundedFile.Read(path, MostBytes, "histogram"), path);
            string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var counts = new long[ScoreDrift.Steps];
            for (int i = 0; i < counts.Length; i++)
            {
                if (lines.Length != counts.Length) return null;
                if (!long.TryParse(lines[i], NumberStyles.None, CultureInfo.InvariantCulture, out counts[i])) return null;
            }

            return counts;
        }
        catch (EdgeException)
        {
            return null;
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="EdgeException">Exit 5: the disk is full or read-only.</exception>
    public static void Write(string path, long[] counts) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (long count in counts) writer.WriteLine(count.ToString(CultureInfo.InvariantCulture));
    });
}
