using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ResNetEdge.Tests.Readme;

/// <summary>README.md or a document taken apart, and the rules it is held to; a rule gives one sentence per violation.</summary>
/// <param name="Text">The whole file.</param>
/// <param name="Folder">Its folder in the repository, to which links are relative.</param>
internal sealed partial record ReadmeText(string Text, string Folder = "")
{
    private static readonly string[] Heads =
        ["./build.sh", "dist/linux-x64/resnetedge ", "dist/linux-x64/resnetedge-service ", "dist/linux-x64/resnetedge-export ", "git clone ", "cd "];

    /// <summary>A file of the repository.</summary>
    /// <param name="path">Relative to the repository's root.</param>
    public static ReadmeText Of(string path) => new(File.ReadAllText(Path.Combine(Unit.House.Root, path)), Path.GetDirectoryName(path)!);

    /// <summary>Lines of the fenced sh blocks, continued lines joined, comments and blank lines left out.</summary>
    public IReadOnlyList<string> Commands { get; } =
        [.. ShellBlock().Matches(Text).SelectMany(block => block.Groups["body"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .Select(line => ManySpaces().Replace(line.Split(" #")[0], " ").Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>Commands that a test can run as they stand: those of the built programs.</summary>
    public IEnumerable<string> ProgramCommands => Commands.Where(c => c.StartsWith("dist/", StringComparison.Ordinal));

    /// <summary>The fenced blocks of C#.</summary>
    public IReadOnlyList<string> CSharpBlocks { get; } = [.. CSharpBlock().Matches(Text).Select(match => match.Groups["body"].Value)];

    /// <summary>Rows of tables whose first cell has one of these words.</summary>
    public IEnumerable<string> Rows(params string[] words) =>
        from line in Text.Split('\n')
        where line.StartsWith("| ", StringComparison.Ordinal) && words.Any(word => line.Split('|')[1].Contains(word, StringComparison.Ordinal))
        select line;

    public IEnumerable<string> CommandsThatNoTestRuns() =>
        Commands.Where(c => !Heads.Any(head => c == head.Trim() || c.StartsWith(head, StringComparison.Ordinal))).Select(c => $"no test runs '{c}'");

    /// <summary>The first command shows the road, the second tests it.</summary>
    public IEnumerable<string> FirstCommandsOutOfOrder() =>
        Commands.Where(c => c.StartsWith("./build.sh", StringComparison.Ordinal)).Take(2).SequenceEqual(["./build.sh demo", "./build.sh test"])
            ? [] : ["the first two commands of build.sh are not 'demo' and 'test'"];

    /// <summary>Link targets and paths in code that are neither in the repository nor made by a command.</summary>
    public IEnumerable<string> PathsThatAreNotThere(string root) =>
        Link().Matches(Text).Select(m => Path.GetRelativePath(root, Path.Combine(root, Folder, m.Groups["target"].Value)))
            .Concat(CodePath().Matches(Text).Select(m => m.Groups["path"].Value.TrimEnd('/')))
            .Distinct()
            .Where(path => !Path.Exists(Path.Combine(root, path)))
            .Select(path => $"'{path}' is not in the repository");

    /// <summary>A section with "Measured" or "Figures" in its heading says on which machine, by which command and when.</summary>
    public IEnumerable<string> FiguresWithoutTheirOrigin()
    {
        var sections = Regex.Split(Text, "^(?=#+ )", RegexOptions.Multiline)
            .Where(s => Regex.IsMatch(s.Split('\n')[0], "measured|figures", RegexOptions.IgnoreCase)).ToList();
        if (sections.Count == 0) yield return "no section has measured figures";
        foreach (string section in sections)
        {
            string heading = section.Split('\n')[0];
            if (!Regex.IsMatch(section, "Intel|AMD|EPYC|Xeon|Core|Cortex|Neoverse")) yield return $"'{heading}' names no machine";
            if (!Regex.IsMatch(section, @"\b20\d\d-\d\d-\d\d\b")) yield return $"'{heading}' gives no date (yyyy-mm-dd)";
            if (!Regex.IsMatch(section, @"`[^`\n]*(resnetedge|build\.sh|train_fashion_mnist\.py|dotnet run)[^`\n]*`|^```sh", RegexOptions.Multiline))
                yield return $"'{heading}' gives no command";
        }
    }

    /// <summary>The accuracy of the demo's network is the one that its training script measured.</summary>
    /// <param name="accuracy">Text of exporter/Demo/fashion-resnet14.accuracy.json.</param>
    public IEnumerable<string> AccuracyThatWasNotMeasured(string accuracy)
    {
        using var json = JsonDocument.Parse(accuracy);
        string percent = (100 * json.RootElement.GetProperty("top1").GetDouble()).ToString("0.00", CultureInfo.InvariantCulture);
        if (!Text.Contains($"{percent} %", StringComparison.Ordinal))
            yield return $"the measured fp32 accuracy of the demo's network, {percent} %, is not given";
    }

    [GeneratedRegex(@"^```sh\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"^```csharp\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(" +")]
    private static partial Regex ManySpaces();

    [GeneratedRegex(@"\]\((?!https?:|#)(?<target>[^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(?:runtime|exporter|device|benchmarks|tests|publish-profiles|docs)/[\w./-]*)`")]
    private static partial Regex CodePath();
}
