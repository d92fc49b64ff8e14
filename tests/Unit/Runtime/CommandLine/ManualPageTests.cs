using System.Diagnostics;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.Unit.Runtime.CommandLine;

public class ManualPageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Programs => [.. Shells.Keys];

    private static Dictionary<string, Shell> Shells { get; } =
        new[] { ResNetEdge.Cli.Program.Shell, ResNetEdge.Daemon.Program.Shell, ResNetEdge.Exporter.Program.Shell }
            .ToDictionary(shell => shell.Program);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Every_verb_option_and_exit_code_is_on_the_page(string program)
    {
        var shell = Shells[program];
        string page = ManualPage.Of(shell);
        Assert.All(shell.Verbs, verb => Assert.Contains($"\n.SS {verb.Name}\n", page, StringComparison.Ordinal));
        Assert.All(shell.Verbs.SelectMany(v => v.Options),
            option => Assert.Contains($"\n.BI \"{option.Name.Replace("-", "\\-", StringComparison.Ordinal)}\"", page, StringComparison.Ordinal));
        Assert.Equal(Enum.GetValues<ExitCode>().Length, ExitCodes.All.Count);
    }

    /// <summary>No line of text begins with a dot or an apostrophe, which troff would take for a request.</summary>
    [Fact]
    public void Text_is_never_a_request()
    {
        var verb = new Verb
        {
            Name = "go",
            Summary = ".so /etc/passwd",
            Operands = "",
            MinOperands = 0,
            MaxOperands = 0,
            Options = [new Option("--x", null, "'quoted' \\n")],
            Notes = ".first\n\n  example\nafter",
            Run = (_, _) => ExitCode.Done,
        };
        string page = ManualPage.Of(new Shell("tool", "a tool", "1.0", [verb]));
        Assert.Contains("\n\\&.so /etc/passwd\n", page, StringComparison.Ordinal);
        Assert.Contains("\n\\&\\(aqquoted\\(aq \\en\n", page, StringComparison.Ordinal);
        Assert.Contains(".PP\n\\&.first\n.PP\n.EX\n  example\n.EE\nafter\n", page, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Programs))]
    public void Groff_has_nothing_to_warn_of(string program)
    {
        Skip.IfNot(File.Exists("/usr/bin/groff"), "groff is not installed");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/groff", ["-man", "-Tascii", "-P-cbou", "-ww"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(ManualPage.Of(Shells[program]));
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal("", error.GetAwaiter().GetResult());
        Assert.Contains("EXIT STATUS", output.GetAwaiter().GetResult(), StringComparison.Ordinal);
    }
}
