using System.Text;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>Text that came out of a file, made fit for a message: no control characters (a terminal would obey them), no novels.</summary>
internal static class FileText
{
    private const int MaxLength = 120;

    /// <summary>The text in single quotes, control characters as <c>?</c>, cut after 120 characters.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
            result.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        if (text.Length > MaxLength) result.Append("...");
        return result.Append('\'').ToString();
    }
}
