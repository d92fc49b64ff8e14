namespace ResNetEdge.Device;

/// <summary>A pipeline of GStreamer's as text, which may hold passwords and addresses with them.</summary>
internal static class PipelineText
{
    /// <summary>What such a camera's name begins with.</summary>
    public const string Prefix = "pipeline:";

    private static readonly string[] SecretNames = ["user", "pw", "pass", "key", "token", "secret", "auth", "uri", "location", "cookie"];

    /// <summary>What may be shown: the elements without their properties.</summary>
    public static string Show(string text)
    {
        var elements = Words(text[Prefix.Length..]).Aggregate(new List<string> { "" }, (list, word) =>
        {
            if (word == "!") list.Add("");
            else if (list[^1].Length == 0) list[^1] = word;
            return list;
        });
        // A filter is written like an element; neither has a password in front of its properties.
        return $"{Prefix} {string.Join(" ! ", elements.Select(e => e.Split(',', '=')[0]))}".TrimEnd();
    }

    /// <summary>Values of properties that may be secrets, as written.</summary>
    public static IEnumerable<string> Secrets(string text) =>
        from word in Words(text[Prefix.Length..])
        let sign = word.IndexOf('=', StringComparison.Ordinal)
        where sign > 0 && SecretNames.Any(name => word.AsSpan(0, sign).Contains(name, StringComparison.OrdinalIgnoreCase))
        from value in new[] { word[(sign + 1)..], word[(sign + 1)..].Trim('"', '\'') }
        select value;

    /// <summary>Words between blanks; quoted ones are whole.</summary>
    private static IEnumerable<string> Words(string text)
    {
        int start = -1;
        char quote = '\0';
        for (int i = 0; i <= text.Length; i++)
        {
            bool isBlank = i == text.Length || (quote == '\0' && char.IsWhiteSpace(text[i]));
            if (isBlank)
            {
                if (start >= 0) yield return text[start..i];
                start = -1;
                continue;
            }

            if (start < 0) start = i;
            if (quote == '\0' && text[i] is '"' or '\'') quote = text[i];
            else if (text[i] == quote) quote = '\0';
        }
    }
}
