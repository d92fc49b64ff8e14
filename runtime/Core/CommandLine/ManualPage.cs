using System.Text;

namespace ResNetEdge.CommandLine;

/// <summary>
/// The program's page for man(1), made from the same verb table as the help texts. Source: man(7). Without a date, so that the same
/// program makes the same page.
/// </summary>
internal static class ManualPage
{
    /// <summary>The page: name, synopsis, every verb with its options and notes, exit status.</summary>
    public static string Of(Shell shell)
    {
        var page = new StringBuilder($".TH {shell.Program.ToUpperInvariant().Replace("-", "\\-", StringComparison.Ordinal)} 1 \"\" "
            + $"\"{Escaped(shell.Program)} {shell.Version}\" \"User Commands\"\n")
            .Append($".SH NAME\n{Escaped(shell.Program)} \\- {Escaped(shell.Summary)}\n.SH SYNOPSIS\n");
        foreach (var verb in shell.Verbs)
            page.Append($".B {Escaped(shell.Program)} {verb.Name}\n.RI \"{Escaped(verb.Operands)}\" \" [options]\"\n.br\n");
        page.Append($".B {Escaped(shell.Program)}\n.RB [ verb ] \" \\-\\-help\"\n.br\n.B {Escaped(shell.Program)} \\-\\-version\n");
        page.Append(".SH COMMANDS\n");
        foreach (var verb in shell.Verbs) AddVerb(page, verb);
        return page.Append(".SH EXIT STATUS\n")
            .Append(string.Concat(ExitCodes.All.Select(c => $".TP\n.B {c.Code}\n{Escaped(c.Meaning)}\n"))).ToString();
    }

    private static void AddVerb(StringBuilder page, Verb verb)
    {
        page.Append($".SS {verb.Name}\n{Line(verb.Summary)}\n");
        foreach (var option in verb.Options)
        {
            page.Append($".TP\n.BI \"{Escaped(option.Name)}\"{(option.Value == null ? "" : $" \" {Escaped(option.Value)}\"")}\n")
                .Append(Line(option.Help + (option.Repeats ? " May be repeated." : ""))).Append('\n');
        }

        bool isExample = false, isFirst = true;
        foreach (string line in verb.Notes.TrimEnd().Split('\n'))
        {
            if (line.Length == 0 && isFirst) break; // no notes
            bool indented = line.StartsWith("  ", StringComparison.Ordinal);
            if (isExample && !indented) page.Append(".EE\n");
            if (line.Length == 0 || isFirst) page.Append(".PP\n");
            if (!isExample && indented) page.Append(".EX\n");
            if (line.Length > 0) page.Append(Line(line)).Append('\n');
            (isExample, isFirst) = (indented, false);
        }

        if (isExample) page.Append(".EE\n");
    }

    /// <summary>A line of text; one that begins with a dot or an apostrophe would be a request.</summary>
    private static string Line(string text) => (text.StartsWith('.') || text.StartsWith('\'') ? "\\&" : "") + Escaped(text);

    private static string Escaped(string text) => text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("'", "\\(aq", StringComparison.Ordinal).Replace("\"", "\\(dq", StringComparison.Ordinal)
        .Replace("^", "\\(ha", StringComparison.Ordinal);
}
