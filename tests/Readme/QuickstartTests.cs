using System.Text.RegularExpressions;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.CommandLine;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Readme;

/// <summary>
/// The quick starts: boards and phones are not here, but every configuration is read and checked as the service does, and every command of ours has
/// the options that it is given.
/// </summary>
public partial class QuickstartTests
{
    private const string Package = "/var/lib/resnetedge/models/current";
    private static readonly string[] DemoLabels = ["Sneaker", "Sandal", "Ankle_boot"];

    /// <summary>What else the pages use; whether a board has it is not for a test.</summary>
    private static readonly string[] Others =
        ["apt-get", "cp", "curl", "chmod", "journalctl", "mkdir", "printf", "scp", "ssh", "systemctl"];

    /// <summary>Pages, and which of their configurations.</summary>
    public static TheoryData<string, int> Configurations => new()
    {
        { "docs/quickstart-pi.md", 0 }, { "docs/quickstart-pi.md", 1 }, { "docs/quickstart-pi.md", 2 },
        { "docs/quickstart-jetson.md", 0 }, { "docs/quickstart-jetson.md", 1 },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Every_configuration_passes_the_check(string page, int index)
    {
        using var folder = new TempFolder();
        var labelled = DemoLabels.Chunk(2).ToList(); // the test's network has two classes
        var blocks = Blocks(page);
        Assert.Equal(Configurations.Count(row => (string)row[0] == page), blocks.Count);
        foreach (string[] labels in labelled)
        {
            BrightOrDark.Write(folder["model"], labels: [labels[0], labels.Length > 1 ? labels[1] : "Bag"]);
            string text = blocks[index].Replace(Package, folder["model"], StringComparison.Ordinal)
                .Replace("[Sneaker, Sandal, Ankle_boot]", $"[{string.Join(", ", labels)}]", StringComparison.Ordinal);
            Assert.DoesNotContain(Package, text, StringComparison.Ordinal);
            File.WriteAllText(folder["service.yaml"], $"{text}\nstate_folder: {folder["state"]}\n");
            var (output, error) = (new StringWriter(), new StringWriter());
            var code = ResNetEdge.Daemon.Program.Shell.Run(["run", "--service", folder["service.yaml"], "--check"], new Terminal(output, error));
            Assert.True(code == ExitCode.Done, error.ToString());
        }
    }

    [Theory]
    [InlineData("docs/quickstart-pi.md")]
    [InlineData("docs/quickstart-jetson.md")]
    public void Every_command_is_one_that_there_is_with_options_that_it_has(string page)
    {
        var commands = ReadmeText.Of(page).Commands.SelectMany(c => c.Split('|')).Select(c => c.Trim()).ToList();
        Assert.True(commands.Count > 10, "the page has commands");
        Assert.Empty(commands.SelectMany(Faults));
    }

    [Fact]
    public void A_page_that_is_wrong_is_seen()
    {
        Assert.Equal(
            ["'resnetedge-export export a --presett b' has no option '--presett'"], Faults("dist/linux-x64/resnetedge-export export a --presett b"));
        Assert.Equal(["'resnetedge fly' is not a command"], Faults("sudo resnetedge fly"));
        Assert.Equal(["'./build.sh cake' is not a command"], Faults("./build.sh cake"));
        Assert.Equal(["'telnet' is not a program that the pages use"], Faults("telnet camera1"));
        Assert.Empty(Faults("./build.sh deb linux-arm64"));
    }

    private static List<string> Blocks(string page) =>
        [.. YamlBlock().Matches(ReadmeText.Of(page).Text).Select(m => m.Groups["body"].Value)];

    private static IEnumerable<string> Faults(string command)
    {
        string[] words = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(w => w == "sudo")];
        string program = Path.GetFileName(words[0]);
        if (program == "build.sh")
        {
            string[] known = [.. BuildVerb().Matches(House.OnDisk.Files["build.sh"]).Select(m => m.Value.TrimEnd())];
            if (words.Length > 1 && !known.Contains($"./build.sh {words[1]}")) yield return $"'{command}' is not a command";
        }
        else if (Shell(program) is not { } shell)
        {
            if (!Others.Contains(program) && program != "tee") yield return $"'{program}' is not a program that the pages use";
        }
        else
        {
            string help = Run(shell, words[1], "--help"); // the command that a page names first
            string named = $"{program} {string.Join(' ', words.Skip(1))}";
            if (help.Length == 0) yield return $"'{named}' is not a command";
            else
            {
                foreach (string option in words.Where(w => w.StartsWith("--", StringComparison.Ordinal)))
                {
                    if (!Regex.IsMatch(help, $@"{Regex.Escape(option)}\b")) yield return $"'{named}' has no option '{option}'";
                }
            }
        }
    }

    private static Shell? Shell(string program) => program switch
    {
        "resnetedge" => ResNetEdge.Cli.Program.Shell,
        "resnetedge-service" => ResNetEdge.Daemon.Program.Shell,
        "resnetedge-export" => ResNetEdge.Exporter.Program.Shell,
        _ => null,
    };

    private static string Run(Shell shell, params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return shell.Run(words, new Terminal(output, error)) == ExitCode.Done ? output.ToString() : "";
    }

    [GeneratedRegex("^```yaml\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"\./build\.sh [a-z0-9-]+")]
    private static partial Regex BuildVerb();
}
