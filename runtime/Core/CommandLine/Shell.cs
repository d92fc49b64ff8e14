using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Naming;

namespace ResNetEdge.CommandLine;

/// <summary>
/// A program of verbs: finds the verb, prints help, and turns whatever happens into an exit code and one sentence on stderr.
/// </summary>
/// <param name="Program">As typed, e.g. <c>resnetedge</c>.</param>
/// <param name="Summary">One line on top of the help text.</param>
/// <param name="Version">Printed by <c>--version</c>.</param>
/// <param name="Verbs">In the order of the help text.</param>
internal sealed record Shell(string Program, string Summary, string Version, IReadOnlyList<Verb> Verbs)
{
    /// <summary>Environment variable: 1 prints the stack trace of any failure.</summary>
    public const string TraceVariable = "RESNETEDGE_TRACE";

    private static readonly string[] HelpWords = ["--help", "-h", "help"];

    /// <summary>Runs on the process's own stdout and stderr, UTF-8 without a byte order mark.</summary>
    public int Run(string[] words)
    {
        StandardStreams.Reserve();
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        const int bufferSize = 4096;
        // Not disposed: a writer whose target failed would throw again; Run flushes, and the process ends here.
        var output = new StreamWriter(Console.OpenStandardOutput(), utf8, bufferSize);
        var error = new StreamWriter(Console.OpenStandardError(), utf8, bufferSize) { AutoFlush = true };
        try
        {
            return (int)Run(words, new Terminal(output, error) { IsErrorInteractive = !Console.IsErrorRedirected });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // the second is what .NET makes of a closed one
        {
            return (int)ExitCode.Unavailable; // stderr itself cannot be written: the exit code is all that is left to say it with
        }
    }

    /// <summary>Runs with the given writers, which get nothing but what shows itself; flushes data before it returns.</summary>
    public ExitCode Run(string[] words, Terminal terminal)
    {
        terminal = terminal with { Out = new PrintableWriter(terminal.Out), Error = new PrintableWriter(terminal.Error) };
        try
        {
            var code = Dispatch(words, terminal);
            terminal.Out.Flush();
            return code;
        }
        catch (EdgeException e)
        {
            return Fail(terminal, e, ExitCodes.Of(e.Kind), e.Kind == FailureKind.Usage ? $"{e.Message}; see '{HelpCommand(words)}'" : e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(terminal, e, ExitCode.Unavailable, $"{e.Message}");
        }
        catch (OutOfMemoryException e)
        {
            return Fail(terminal, e, ExitCode.Unavailable, "not enough memory on this machine");
        }
        catch (Exception e) // the outermost frame: whatever else escapes becomes exit 1 and a sentence
        {
            return Fail(terminal, e, ExitCode.Defect,
                $"internal error ({e.GetType().Name}: {e.Message}); this is a defect in {Program}; "
                    + $"please report it with the command and the output of {TraceVariable}=1");
        }
    }

    private ExitCode Dispatch(string[] words, Terminal terminal)
    {
        if (words.Length == 0)
        {
            terminal.Error.Write(Overview());
            return ExitCode.Usage;
        }

        if (words[0] == "--version")
        {
            terminal.Out.WriteLine($"{Program} {Version}");
            return ExitCode.Done;
        }

        if (HelpWords.Contains(words[0]))
        {
            terminal.Out.Write(words.Length > 1 ? HelpOf(Find(words[1])) : Overview());
            return ExitCode.Done;
        }

        if (words[0] == "--completion")
        {
            terminal.Out.Write(
                Completion.Script(this, words.Length == 2 ? words[1] : throw Arguments.Usage("--completion needs a shell: bash or zsh")));
            return ExitCode.Done;
        }

        if (words[0] == "--manual")
        {
            terminal.Out.Write(ManualPage.Of(this));
            return ExitCode.Done;
        }

        var verb = Find(words[0]);
        var rest = words.AsSpan(1);
        int end = rest.IndexOf("--");
        if ((end < 0 ? rest : rest[..end]).ContainsAny("--help", "-h"))
        {
            terminal.Out.Write(HelpOf(verb));
            return ExitCode.Done;
        }

        var arguments = Arguments.Parse(verb, rest);
        arguments.CheckOperands(verb);
        return verb.Run(arguments, terminal);
    }

    private Verb Find(string name)
    {
        if (Verbs.FirstOrDefault(v => v.Name == name) is { } verb) return verb;
        string? near = Spelling.Nearest(name, Verbs.Select(v => v.Name));
        throw Arguments.Usage($"unknown command '{name}'" + (near == null ? "" : $"; did you mean '{near}'?"));
    }

    private ExitCode Fail(Terminal terminal, Exception e, ExitCode code, string sentence)
    {
        FlushData(terminal);
        terminal.Error.WriteLine($"{Program}: {SafeAddress.Hide(sentence)}");
        if (Environment.GetEnvironmentVariable(TraceVariable) == "1") terminal.Error.WriteLine(SafeAddress.Hide(e.ToString()));
        return code;
    }

    /// <summary>Data printed before the failure stays printed; where stdout itself is what failed, that is the failure being reported.</summary>
    private static void FlushData(Terminal terminal)
    {
        try
        {
            terminal.Out.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private string HelpCommand(string[] words) =>
        words.Length > 0 && Verbs.Any(v => v.Name == words[0]) ? $"{Program} {words[0]} --help" : $"{Program} --help";

    private string Overview()
    {
        var text = new StringBuilder($"{Program} {Version}: {Summary}\n\n");
        int width = Verbs.Max(v => v.Name.Length);
        foreach (var verb in Verbs) text.Append("  ").Append(verb.Name.PadRight(width + 3)).Append(verb.Summary).Append('\n');
        return text.Append($"\n'{Program} VERB --help' describes a command; '{Program} --version' prints the version.\n")
            .Append($"'{Program} --completion bash|zsh' prints a completion script; '{Program} --manual' prints the manual page.\n")
            .Append($"Exit codes: {string.Join(", ", ExitCodes.All.Select(c => $"{c.Code} {c.Meaning}"))}.\n").ToString();
    }

    private string HelpOf(Verb verb)
    {
        var text = new StringBuilder(
            $"{verb.Summary}\n\nUsage: {Program} {verb.Name}{(verb.Operands.Length == 0 ? "" : " " + verb.Operands)} [options]\n");
        if (verb.Options.Count > 0)
        {
            var heads = verb.Options.Select(o => o.Value == null ? o.Name : $"{o.Name} {o.Value}").ToArray();
            int width = heads.Max(h => h.Length);
            text.Append("\nOptions:\n");
            for (int i = 0; i < heads.Length; i++)
            {
                text.Append("  ").Append(heads[i].PadRight(width + 3)).Append(verb.Options[i].Help)
                    .Append(verb.Options[i].Repeats ? " May be repeated." : "").Append('\n');
            }
        }

        return verb.Notes.Length == 0 ? text.ToString() : text.Append('\n').Append(verb.Notes.TrimEnd()).Append('\n').ToString();
    }
}
