namespace ResNetEdge.Service.Yaml;

/// <summary>
/// Finds a bracket of YAML that is never closed: a parser notices it far from where it stands, if it gets that far. Looks at text alone that is no
/// YAML, so it follows only what brackets need: quotes, comments, and that a bracket within a word is part of the word.
/// </summary>
internal static class UnclosedBracket
{
    /// <summary>The outermost one and its line, as the end of a sentence; empty when every bracket is closed.</summary>
    public static string In(string text)
    {
        var open = new Stack<(char Bracket, int Line)>();
        int line = 1;
        char before = '\n'; // the last character that is not a blank
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool begins = open.Count > 0 || before is '\n' or ':' or '-' or '?'; // a value may begin here
            if (c is '\n') line++;
            if (c is '#' && (i == 0 || char.IsWhiteSpace(text[i - 1]))) i = End(text, i, '\n') - 1;
            else if ((c is '\'' or '"') && begins && before is ('\n' or ':' or '-' or ',' or '[' or '{'))
            {
                int end = End(text, i + 1, c);
                line += text.AsSpan(i, end - i).Count('\n');
                (i, before) = (end, c);
            }
            else
            {
                if ((c is '[' or '{') && begins) open.Push((c, line));
                else if (c is ']' or '}') open.TryPop(out _);
                if (c is not (' ' or '\t' or '\r')) before = c;
            }
        }

        return open.LastOrDefault() is { Line: > 0 } first ? $"; the '{first.Bracket}' in line {first.Line} is not closed" : "";
    }

    // The place of the next such character, behind a backslash within double quotes not counted; else the text's end.
    private static int End(string text, int from, char what)
    {
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] == what) return i;
            if (what == '"' && text[i] == '\\') i++;
        }

        return text.Length;
    }
}
