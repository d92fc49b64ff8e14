using System.Text;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>Text in a header, where only ASCII may be: other text as encoded words.</summary>
/// <remarks>Source: RFC 2047, section 2: an encoded word has at most 75 characters.</remarks>
internal static class HeaderText
{
    private const int MostBytes = 45; // 60 characters of base64

    /// <summary>Text as a header's value.</summary>
    /// <param name="text">One line.</param>
    public static string Of(string text)
    {
        if (text.All(static c => c is >= ' ' and <= '~')) return text;
        var words = new List<string>();
        var bytes = new List<byte>();
        var rune = new byte[4];
        foreach (var next in text.EnumerateRunes())
        {
            int length = next.EncodeToUtf8(rune);
            if (bytes.Count + length > MostBytes) EndWord();
            bytes.AddRange(rune.AsSpan(0, length));
        }

        EndWord();
        return string.Join(' ', words);

        void EndWord()
        {
            words.Add($"=?UTF-8?B?{Convert.ToBase64String([.. bytes])}?=");
            bytes.Clear();
        }
    }
}
