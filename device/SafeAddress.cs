namespace ResNetEdge.Device;

/// <summary>
/// An address as somebody wrote it (a camera, a web server, a broker, or a file), which prints itself without its secrets: no user, no password, and
/// nothing after the path, where tokens may be. Everything shown to anybody is <see cref="ToString"/>; <see cref="Whole"/> is for connecting.
/// </summary>
/// <param name="Whole">With its secrets.</param>
/// <remarks>
/// Told from the text alone, because an address that no parser takes has a password too, often one with a character that should have been
/// escaped. In doubt more is hidden. A file's path stays as it is. Source of the parts: RFC 3986.
/// </remarks>
internal sealed record SafeAddress(string Whole)
{
    private const string Hidden = "***";
    private const int ShortestSecret = 4; // a shorter one stands in every second word
    private const string AfterScheme = "://";

    /// <summary>Parsed; null when it is not an address of a server.</summary>
    public Uri? Uri => Uri.TryCreate(Whole, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri : null;

    /// <summary>Host and port alone, for addresses whose very path may be a secret, as those of webhooks are.</summary>
    public string Server => Uri?.Authority ?? Origin;

    /// <summary>What may be shown, up to the path.</summary>
    public string Origin
    {
        get
        {
            string shown = ToString();
            int scheme = shown.IndexOf(AfterScheme, StringComparison.Ordinal);
            int path = shown.IndexOf('/', scheme < 0 ? 0 : scheme + AfterScheme.Length);
            return path < 0 ? shown : shown[..path];
        }
    }

    /// <summary>As <see cref="SafeAddress(string)"/>.</summary>
    public static implicit operator SafeAddress(string whole) => new(whole);

    /// <summary>As <see cref="SafeAddress(string)"/>.</summary>
    public static implicit operator SafeAddress(Uri whole) => new(whole.OriginalString);

    /// <summary>What may be shown of an address.</summary>
    public static string Show(string address)
    {
        if (address.StartsWith(PipelineText.Prefix, StringComparison.Ordinal)) return PipelineText.Show(address);
        int scheme = address.IndexOf(AfterScheme, StringComparison.Ordinal);
        if (scheme < 1 || SchemeLength(address, scheme) != scheme) return ShowWithoutScheme(address);
        string start = address[..(scheme + AfterScheme.Length)], rest = address[start.Length..];
        int query = rest.AsSpan().IndexOfAny('?', '#');
        string head = query < 0 ? rest : rest[..query];
        // A password with a question mark in it looks like a query.
        if (query >= 0 && !head.Contains('/', StringComparison.Ordinal) && rest.AsSpan(query).Contains('@')) return start + Hidden;
        return start + CutParameters(head[(head.LastIndexOf('@') + 1)..]);
    }

    /// <summary>A sentence of somebody else's (the system, a library, a server) without the secrets of any address that it repeats.</summary>
    public static string Hide(string sentence)
    {
        int from = 0;
        while (sentence.IndexOf(AfterScheme, from, StringComparison.Ordinal) is >= 0 and var at)
        {
            int start = at - SchemeLength(sentence, at), end = at + AfterScheme.Length;
            while (end < sentence.Length && !char.IsWhiteSpace(sentence[end]) && sentence[end] is not ('\'' or '"' or '<' or '>')) end++;
            string shown = Show(sentence[start..end]);
            sentence = string.Concat(sentence.AsSpan(0, start), shown, sentence.AsSpan(end));
            from = start + shown.Length;
        }

        return sentence;
    }

    /// <summary>A sentence about this address, by whomever, without its secrets, also where they stand alone.</summary>
    public string HideIn(string sentence)
    {
        sentence = sentence.Replace(Whole, ToString(), StringComparison.Ordinal);
        foreach (string secret in Secrets().Where(s => s.Length >= ShortestSecret).Distinct().OrderByDescending(s => s.Length))
            sentence = sentence.Replace(secret, Hidden, StringComparison.Ordinal);
        return Hide(sentence);
    }

    /// <summary>What may be shown.</summary>
    public override string ToString() => Show(Whole);

    /// <summary>Length of the scheme that ends at a place; 0: there is none.</summary>
    private static int SchemeLength(string text, int end)
    {
        int start = end;
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '+' or '-' or '.')) start--;
        return end - start;
    }

    // A path, or an address whose scheme was forgotten or misspelt.
    private static string ShowWithoutScheme(string address)
    {
        if (address.StartsWith('/') || address.StartsWith('.') || address.StartsWith("y4m:", StringComparison.Ordinal)
            || address.StartsWith("mjpeg:", StringComparison.Ordinal) || address.StartsWith("file:", StringComparison.Ordinal))
            return address;
        int at = address.LastIndexOf('@');
        bool hasUser = at > 0 && address.AsSpan(0, at).Contains(':');
        int query = address.IndexOf('?', hasUser ? at : 0);
        if (query >= 0 && (hasUser || address.IndexOf('=', query) >= 0)) address = address[..query];
        return hasUser ? address[(at + 1)..] : address;
    }

    private static string CutParameters(string path) => path.IndexOf(';', StringComparison.Ordinal) is >= 0 and var at ? path[..at] : path;

    private IEnumerable<string> Secrets()
    {
        if (Whole.StartsWith(PipelineText.Prefix, StringComparison.Ordinal))
        {
            foreach (string secret in PipelineText.Secrets(Whole)) yield return secret;
            yield break;
        }

        if (Uri is not { } uri) yield break;
        foreach (string text in new[] { uri.UserInfo, uri.UserInfo[(uri.UserInfo.IndexOf(':', StringComparison.Ordinal) + 1)..],
            uri.Query.TrimStart('?'), uri.Fragment.TrimStart('#') })
        {
            yield return text;
            yield return Uri.UnescapeDataString(text);
        }

        foreach (string pair in uri.Query.TrimStart('?').Split('&'))
        {
            string value = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
            yield return value;
            yield return Uri.UnescapeDataString(value);
        }
    }
}
