namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>PTX text as words, numbers and signs.</summary>
internal sealed class PtxTokens
{
    private readonly List<(string Text, int Line)> _tokens = [];
    private int _at;

    public PtxTokens(string text)
    {
        int line = 1;
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            int start = i++;
            if (c == '\n') line++;
            else if (c == '/' && text[i] == '/')
            {
                while (i < text.Length && text[i] != '\n') i++;
            }
            else if (IsOfWord(c) || (c == '-' && char.IsDigit(text[i])))
            {
                while (i < text.Length && IsOfWord(text[i])) i++;
                _tokens.Add((text[start..i], line));
            }
            else if (!char.IsWhiteSpace(c)) _tokens.Add((c.ToString(), line));
        }
    }

    public bool AreLeft => _at < _tokens.Count;

    /// <summary>The next one, which stays; empty at the end.</summary>
    public string Peek => AreLeft ? _tokens[_at].Text : "";

    /// <summary>The one after the next.</summary>
    public string PeekSecond => _at + 1 < _tokens.Count ? _tokens[_at + 1].Text : "";

    /// <summary>Of the next one, from 1.</summary>
    public int Line => AreLeft ? _tokens[_at].Line : -1;

    public string Next() => AreLeft ? _tokens[_at++].Text : throw Wrong("the text ends");

    /// <summary>Takes the next one if it is this.</summary>
    public bool TryTake(string text)
    {
        if (Peek != text) return false;
        _at++;
        return true;
    }

    /// <exception cref="FormatException">The next one is another.</exception>
    public void Expect(string text)
    {
        if (!TryTake(text)) throw Wrong($"expected '{text}'");
    }

    public FormatException Wrong(string what) => new($"PTX line {Line}: {what} at '{Peek}'");

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' or '%' or '.';
}
