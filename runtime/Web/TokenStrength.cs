namespace ResNetEdge.Web;

/// <summary>Whether a token can be guessed: an upper bound of what it holds, for tokens that people make up.</summary>
internal static class TokenStrength
{
    /// <summary>Fewer bits are refused: at a thousand tries a second 48 bits last for thousands of years.</summary>
    public const int LeastBits = 48;

    /// <summary>Fewer different characters are refused.</summary>
    public const int LeastKinds = 8;

    private const int Run = 3, Repeat = 4; // characters after which the next one is no surprise
    private const string Rows = "01234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm";
    private static readonly string RowsBackwards = new([.. Rows.Reverse()]);

    /// <summary>Whether a token holds enough.</summary>
    public static bool Suffices(string token) => Kinds(token) >= LeastKinds && Bits(token) >= LeastBits;

    /// <summary>
    /// Characters that tell something, each worth as many bits as there are different ones; what
    /// repeats or runs on (<c>aaaa</c>, <c>4321</c>, <c>qwerty</c>) tells nothing.
    /// </summary>
    public static double Bits(string token)
    {
        int telling = 0;
        for (int i = 0; i < token.Length; i++) telling += IsRun(token, i) || IsRepeat(token, i) ? 0 : 1;
        return telling * Math.Log2(Math.Max(1, Kinds(token)));
    }

    private static int Kinds(string token) => token.Distinct().Count();

    private static bool IsRun(string token, int at)
    {
        if (at < Run - 1) return false;
        string last = token[(at - Run + 1)..(at + 1)].ToLowerInvariant();
        return last.All(c => c == last[0]) || Rows.Contains(last, StringComparison.Ordinal) || RowsBackwards.Contains(last, StringComparison.Ordinal);
    }

    private static bool IsRepeat(string token, int at)
    {
        int begin = at - Repeat + 1;
        return begin > 0 && token.IndexOf(token[begin..(at + 1)], StringComparison.OrdinalIgnoreCase) < begin;
    }
}
