using System.Text.RegularExpressions;

namespace ResNetEdge.Tests.Readme;

/// <summary>
/// Source that a document quotes. A block after <c>&lt;!-- file: PATH --&gt;</c> is that file; every line of one after
/// <c>&lt;!-- lines: PATH --&gt;</c>, marked as in a diff, is a line of it.
/// </summary>
internal static partial class QuotedFiles
{
    /// <summary>The document with every whole file as it is now.</summary>
    /// <param name="document">The document as Markdown.</param>
    /// <param name="read">The text of a file of the repository, by its path.</param>
    public static string Refreshed(string document, Func<string, string> read) => WholeFile().Replace(document, match =>
        $"<!-- file: {match.Groups["path"].Value} -->\n```{match.Groups["language"].Value}\n{read(match.Groups["path"].Value).TrimEnd()}\n```\n");

    /// <summary>Quoted lines that the file does not have, a sentence each.</summary>
    /// <inheritdoc cref="Refreshed"/>
    public static IEnumerable<string> LinesThatAreNotThere(string document, Func<string, string> read) =>
        from Match match in SomeLines().Matches(document)
        let path = match.Groups["path"].Value
        let lines = read(path).Split('\n').Select(static line => line.Trim()).ToHashSet()
        from line in match.Groups["body"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        where !lines.Contains(line[1..].Trim())
        select $"{path} does not contain the quoted line '{line[1..].Trim()}'";

    [GeneratedRegex(@"^<!-- file: (?<path>\S+) -->\n```(?<language>\w*)\n(?<body>.*?)```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex WholeFile();

    [GeneratedRegex(@"^<!-- lines: (?<path>\S+) -->\n```diff\n(?<body>.*?)```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex SomeLines();
}
