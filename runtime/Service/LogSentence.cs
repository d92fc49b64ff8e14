using System.Globalization;
using System.Text;

namespace ResNetEdge.Service;

/// <summary>A line of the log as a sentence for people: what happened, why, and the particulars in brackets.</summary>
internal static class LogSentence
{
    private static readonly string[] Reasons = ["reason", "what"];
    private static readonly (string Key, string Unit)[] Units = [("_per_second", "/s"), ("_ms", " ms"), ("_mib", " MiB"), ("_s", " s")];

    /// <summary>Of a line's sentence and pairs.</summary>
    public static string Of(string sentence, ReadOnlySpan<(string Key, object? Value)> pairs)
    {
        var text = new StringBuilder(sentence);
        if (text.Length > 0) text[0] = char.ToUpperInvariant(text[0]);
        foreach (var (key, value) in pairs)
        {
            if (Reasons.Contains(key)) text.Append(": ").Append(FirstLine(value).TrimEnd('.'));
        }

        bool hasMore = false;
        foreach (var (key, value) in pairs)
        {
            if (Reasons.Contains(key)) continue;
            text.Append(hasMore ? ", " : " (").Append(Particular(key, value));
            hasMore = true;
        }

        return PrintableText.Line(text.Append(hasMore ? ")." : ".").ToString());
    }

    private static string Particular(string key, object? value)
    {
        if (key == "probability" && value is float or double)
            return string.Create(CultureInfo.InvariantCulture, $"probability {100 * Convert.ToDouble(value, CultureInfo.InvariantCulture):F0} %");
        var (ending, unit) = Units.FirstOrDefault(u => key.EndsWith(u.Key, StringComparison.Ordinal));
        string name = (ending is null ? key : key[..^ending.Length]).Replace('_', ' ');
        return $"{name} {(value is bool isSo ? isSo ? "yes" : "no" : FirstLine(value))}{unit}";
    }

    private static string FirstLine(object? value) => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Split('\n')[0];
}
