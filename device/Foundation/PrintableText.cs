using System.Globalization;
using System.Text;

namespace ResNetEdge;

/// <summary>
/// Text from outside (labels, file names, what a server says) as it may reach a terminal, a log or a page: what does not show itself (control
/// characters, escape sequences, changes of direction, invisible marks) is written as JSON escapes it, <c>\u001b</c>.
/// </summary>
internal static class PrintableText
{
    private const char NonJoiner = '\u200C', Joiner = '\u200D'; // written languages and emoji need them, and they move nothing

    /// <summary>One line: ends of lines are escaped too.</summary>
    public static string Line(string text) => Escape(text, keepsLines: false);

    /// <summary>Text of several lines: ends of lines and tabs stay.</summary>
    public static string Lines(string text) => Escape(text, keepsLines: true);

    private static string Escape(string text, bool keepsLines)
    {
        int first = 0;
        while (first < text.Length && !IsHidden(text, first, keepsLines)) first++;
        if (first == text.Length) return text;
        var plain = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (int i = first; i < text.Length; i++)
        {
            if (!IsHidden(text, i, keepsLines)) plain.Append(text[i]);
            else if (text[i] is '\n') plain.Append("\\n");
            else plain.Append("\\u").Append(((int)text[i]).ToString("x4", CultureInfo.InvariantCulture));
        }

        return plain.ToString();
    }

    private static bool IsHidden(string text, int at, bool keepsLines)
    {
        char c = text[at];
        if (c is >= ' ' and <= '~') return false;
        if (c is '\n' or '\t') return !keepsLines;
        if (char.IsSurrogate(c)) return IsHiddenSurrogate(text, at);
        return c is not (Joiner or NonJoiner)
            && char.GetUnicodeCategory(c)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }

    // Both halves of a pair are judged as the pair. One alone is not a character, and shows as a replacement wherever it is written.
    private static bool IsHiddenSurrogate(string text, int at)
    {
        int high = char.IsHighSurrogate(text[at]) ? at : at - 1;
        return high >= 0 && high + 1 < text.Length && char.IsSurrogatePair(text[high], text[high + 1])
            && CharUnicodeInfo.GetUnicodeCategory(text, high) is UnicodeCategory.Format;
    }
}
