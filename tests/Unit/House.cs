using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ResNetEdge.Tests.Unit;

/// <summary>
/// The repository as text, and the rules it is held to. A rule takes the house and gives one sentence per violation, so that a test can
/// also show it a house that breaks the rule.
/// </summary>
/// <param name="Files">Text by path from the root, with forward slashes. Pictures and weights have an empty text.</param>
internal sealed partial record House(IReadOnlyDictionary<string, string> Files)
{
    public const int LongestFileLines = 400;

    private static readonly string[] Built =
    [
        ".git", ".vs", ".vscode", "bin", "obj", "dist", "build", "TestResults", "BenchmarkDotNet.Artifacts", "__pycache__",
    ];

    private static readonly string[] TopLevel =
    [
        "runtime", "exporter", "device", "benchmarks", "tests", "publish-profiles", "docs", "ResNetEdge.sln", "README.md", "CHANGELOG.md",
        "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "build.sh", "Directory.Build.props", "Directory.Packages.props", "global.json",
    ];

    private static readonly string[] ReadersOfTheKernel =
    [
        "device/Cpu/CpuCores.cs", "device/Cpu/CpuFeatures.cs", "device/Sensors/SysFile.cs", "runtime/Cli/Reports/ProcFile.cs",
        "runtime/Core/Metrics/PeakRss.cs", "runtime/Core/Metrics/ProcessAge.cs",
    ];

    /// <summary>Height of each project's folder; a project refers only to lower ones.</summary>
    private static readonly (string Folder, int Floor)[] Floors =
    [
        ("device", 0), ("runtime/Core", 1), ("runtime/Iot", 1), ("runtime/KernelGenerator", 2), ("publish-profiles/Sbom", 2),
        ("runtime/Service", 2), ("runtime/Web", 3), ("runtime/Cli", 4), ("exporter", 4), ("runtime/Daemon", 5), ("benchmarks", 6), ("tests", 7),
    ];

    /// <summary>The folder that holds ResNetEdge.sln, above the test binaries.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The repository on disk, without what is built.</summary>
    public static House OnDisk { get; } = new(Walk(new DirectoryInfo(Root)).ToDictionary(
        file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'),
        file => file.Extension is ".png" or ".safetensors" or ".npy" or ".bin" ? "" : File.ReadAllText(file.FullName)));

    private IEnumerable<(string Path, string Text)> Sources => Files.Where(f => f.Key.EndsWith(".cs", StringComparison.Ordinal)
        && !f.Key.EndsWith(".g.cs", StringComparison.Ordinal)).Select(f => (f.Key, f.Value));

    private IEnumerable<(string Path, XDocument Project)> Projects => Files.Where(f => f.Key.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(f => (f.Key, XDocument.Parse(f.Value)));

    public IEnumerable<string> ReferencesThatGoUp() =>
        from project in Projects
        from reference in project.Project.Descendants("ProjectReference")
        let target = Path.GetRelativePath("/", Path.Combine("/", Path.GetDirectoryName(project.Path)!, (string)reference.Attribute("Include")!))
        where FloorOf(target) >= FloorOf(project.Path)
        select $"{project.Path} refers to {target}, which is not on a lower floor";

    public IEnumerable<string> StrangersAtTopLevel() =>
        from name in Files.Keys.Select(path => path.Split('/')[0]).Distinct()
        where !name.StartsWith('.') && !TopLevel.Contains(name)
        select $"'{name}' is not one of the top level's names";

    public IEnumerable<string> VersionsOutsideDirectoryPackagesProps() =>
        from project in Projects
        from reference in project.Project.Descendants("PackageReference")
        where reference.Attribute("Version") != null || reference.Attribute("VersionOverride") != null || reference.Element("Version") != null
        select $"{project.Path} gives {(string)reference.Attribute("Include")!} its own version";

    public IEnumerable<string> FilesWithoutTheirType() =>
        from source in Sources
        let type = Path.GetFileName(source.Path).Split('.')[0]
        where type is not ("AssemblyInfo" or "GlobalUsings" or "Program")
            && !TypeAtTopLevel().Matches(source.Text).Any(m => m.Groups["name"].Value == type)
        select $"{source.Path} declares no type '{type}'";

    public IEnumerable<string> LongFiles() =>
        from source in Sources
        let lines = source.Text.AsSpan().Count('\n')
        where lines > LongestFileLines
        select $"{source.Path} has {lines} lines, more than {LongestFileLines}: what is the second thing in it?";

    /// <summary>Lines wider than <c>.editorconfig</c> says for the file's kind. Generated files are nobody's to read, and
    /// the text between triple quotes is data.</summary>
    public IEnumerable<string> WideLines() =>
        from width in LineWidth().Matches(Files.GetValueOrDefault(".editorconfig", ""))
        let columns = int.Parse(width.Groups["columns"].Value, CultureInfo.InvariantCulture)
        let endings = width.Groups["endings"].Value.Split(',')
        from file in Files
        where endings.Contains(file.Key.Split('.')[^1]) && !file.Key.EndsWith(".g.cs", StringComparison.Ordinal)
        from line in LinesOutsideRawText(file.Value)
        where line.Text.Length > columns
        select $"{file.Key}:{line.Number} has {line.Text.Length} columns, more than {columns}";

    /// <summary>Summaries and parameters of one word, such as "Prepares.", which only repeat a name.</summary>
    public IEnumerable<string> DocsOfOneWord() =>
        from source in Sources
        from match in DocOfOneWord().Matches(source.Text)
        select $"{source.Path} documents something by '{match.Groups["word"].Value}' alone: say more, or leave the tag out";

    /// <summary>Words that no file may hold; the pieces are joined here so that this file does not hold them either.</summary>
    public IEnumerable<string> ForbiddenWords() =>
        from file in Files
        from word in new[]
        {
            "#pragma warning " + "disable", "TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:",
            "/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "registry.npm" + "js", "api.nu" + "get", "deb.deb" + "ian", "local" + "host:",
        }
        where file.Value.Contains(word, StringComparison.Ordinal)
        select $"{file.Key} contains '{word}'";

    /// <summary>Files of users are opened by RegularFile alone; what opens by other means reads the kernel's own below /proc and /sys.</summary>
    public IEnumerable<string> FilesOpenedPastTheGate() =>
        from source in Sources
        where source.Path.Split('/')[0] is "device" or "runtime" or "exporter" && !ReadersOfTheKernel.Contains(source.Path)
        from match in OpensFile().Matches(source.Text)
        select $"{source.Path} opens a file by '{match.Value}', which waits for ever on a named pipe: RegularFile.Open";

    /// <summary>Decisions that texts and comments point to, by file name.</summary>
    public IEnumerable<string> DecisionsThatDoNotExist() =>
        from file in Files
        from match in DecisionFile().Matches(file.Value)
        where !Files.ContainsKey($"docs/decisions/{match.Value}")
        select $"{file.Key} points to the decision {match.Value}, which does not exist";

    /// <summary>Fails with every violation, one a line.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        string all = string.Join('\n', violations);
        Assert.True(all.Length == 0, all);
    }

    private static int FloorOf(string path) =>
        Floors.Where(f => path.StartsWith(f.Folder + "/", StringComparison.Ordinal)).Select(f => f.Floor).DefaultIfEmpty(int.MaxValue).First();

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => !Built.Contains(file.Name) && file.Extension != ".swp")
        .Concat(folder.EnumerateDirectories().Where(d => !Built.Contains(d.Name)).SelectMany(Walk));

    private static IEnumerable<(int Number, string Text)> LinesOutsideRawText(string text)
    {
        bool isInside = false;
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (!isInside) yield return (index + 1, line);
            isInside ^= line.Split("\"\"\"").Length % 2 == 0;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ResNetEdge.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no ResNetEdge.sln above {AppContext.BaseDirectory}: run the tests from the repository's tests/bin");
    }

    [GeneratedRegex(@"/// <(?:summary|(?:type)?param name=""\w+"")>\s*(?<word>[A-Za-z]+)\.?\s*</")]
    private static partial Regex DocOfOneWord();

    [GeneratedRegex(@"^\[\*\.\{?(?<endings>[a-z,]+)\}?\]\n(?:(?!\[).*\n)*?max_line_length = (?<columns>\d+)", RegexOptions.Multiline)]
    private static partial Regex LineWidth();

    [GeneratedRegex(@"\b0\d{3}-[a-z][a-z0-9-]*\.md\b")]
    private static partial Regex DecisionFile();

    [GeneratedRegex(
        @"\bFile\.(?:Open(?:Read|Text|Handle)?|Read(?:All)?(?:Bytes|Text|Lines))(?:Async)?\b"
        + @"|\bFileMode\.Open\b|\bnew StreamReader\((?:path|file|name)\b")]
    private static partial Regex OpensFile();

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*"
        + @"(?:class|struct|interface|enum|record(?: struct| class)?|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeAtTopLevel();
}
