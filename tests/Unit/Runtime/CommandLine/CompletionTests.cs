using System.Diagnostics;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.Unit.Runtime.CommandLine;

/// <summary>The scripts are run by their shells: what a shell offers is what the verb table says.</summary>
public class CompletionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Programs => [.. Shells.Keys];

    public static IEnumerable<object[]> ProgramsAndVerbs => Shells.Values.SelectMany(s => s.Verbs.Select(v => new object[] { s.Program, v.Name }));

    private static Dictionary<string, Shell> Shells { get; } =
        new[] { ResNetEdge.Cli.Program.Shell, ResNetEdge.Daemon.Program.Shell, ResNetEdge.Exporter.Program.Shell }
            .ToDictionary(shell => shell.Program);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Bash_offers_the_verbs(string program) => Assert.Equal(
        Shells[program].Verbs.Select(v => v.Name).Append("--help").Append("--version").Order(StringComparer.Ordinal),
        Offered(program, "", program, ""));

    [Theory]
    [MemberData(nameof(ProgramsAndVerbs))]
    public void Bash_offers_the_options_of_a_verb(string program, string verb) => Assert.Equal(
        Find(program, verb).Options.Select(o => o.Name).Append("--help").Where(o => o.StartsWith("--", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
        Offered(program, "--", program, verb, "--"));

    [Theory]
    [MemberData(nameof(ProgramsAndVerbs))]
    public void Bash_offers_the_values_of_an_option(string program, string verb)
    {
        foreach (var option in Find(program, verb).Options.Where(o => o.Choices.Count > 0))
        {
            Assert.Equal(option.Choices.Order(StringComparer.Ordinal), Offered(program, "", program, verb, option.Name, ""));
            Assert.Contains(option.Choices[0], Offered(program, option.Choices[0], program, verb, option.Name, "=", option.Choices[0]));
        }
    }

    [Fact]
    public void Help_names_every_choice() => Assert.All(
        Shells.Values.SelectMany(s => s.Verbs).SelectMany(v => v.Options),
        option => Assert.All(option.Choices, choice => Assert.Contains(choice, option.Help, StringComparison.Ordinal)));

    [SkippableTheory]
    [MemberData(nameof(Programs))]
    public void Zsh_takes_the_script(string program)
    {
        Skip.IfNot(File.Exists("/usr/bin/zsh"), "zsh is not installed");
        var (code, text) = Piped("/usr/bin/zsh", ["-n", "/dev/stdin"], Completion.Script(Shells[program], "zsh"));
        Assert.Equal((0, ""), (code, text));
    }

    [Fact]
    public void Zsh_script_says_every_option() => Assert.All(Shells.Values, shell => Assert.All(shell.Verbs, verb =>
    {
        string script = Completion.Script(shell, "zsh");
        string part = script[script.IndexOf($"\n    {verb.Name}) ", StringComparison.Ordinal)..];
        part = part[..part.IndexOf(";;", StringComparison.Ordinal)];
        Assert.All(verb.Options,
            option => Assert.Contains($"{option.Name}{(option.Value != null && option.Name[1] == '-' ? "=" : "")}[", part, StringComparison.Ordinal));
    }));

    [Theory]
    [InlineData("fish")]
    [InlineData("")]
    public void Another_shell_is_a_usage_error(string name) =>
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => Completion.Script(ResNetEdge.Cli.Program.Shell, name)).Kind);

    private static Verb Find(string program, string verb) => Shells[program].Verbs.Single(v => v.Name == verb);

    /// <summary>What the script's function answers in bash for these words, the last of which is being typed.</summary>
    private static string[] Offered(string program, string prefix, params string[] words)
    {
        // The words are the table's own names: no quote is in them.
        string script = $$"""
            {{Completion.Script(Shells[program], "bash")}}
            compopt() { :; }
            COMP_WORDS=({{string.Join(' ', words.Select(w => $"'{w}'"))}})
            COMP_CWORD={{words.Length - 1}}
            _{{program.Replace('-', '_')}}
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var (code, text) = Piped("/bin/bash", [], script);
        Assert.Equal(0, code);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(w => w.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    private static (int Code, string Text) Piped(string program, string[] words, string input)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {Patience}");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }
}
