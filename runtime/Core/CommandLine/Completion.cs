using System.Text;

namespace ResNetEdge.CommandLine;

/// <summary>Completion scripts for shells, made from the same verb table as the help texts, so that they cannot go stale.</summary>
internal static class Completion
{
    /// <summary>The shells there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh"];

    /// <summary>The script of a shell.</summary>
    /// <exception cref="EdgeException">Exit 2: another shell.</exception>
    public static string Script(Shell shell, string name) => name switch
    {
        "bash" => Bash(shell),
        "zsh" => Zsh(shell),
        _ => throw Arguments.Usage($"unknown shell '{name}'; completion is available for {string.Join(" and ", Shells)}"),
    };

    private static string Bash(Shell shell)
    {
        string function = Function(shell);
        var text = new StringBuilder($$"""
            # bash completion for {{shell.Program}}; made by '{{shell.Program}} --completion bash'.
            {{function}}_offer() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
            {{function}}_path() { compopt -o default; COMPREPLY=(); }
            {{function}}() {
              local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
              COMPREPLY=()
              # bash cuts --name=value at the equals sign.
              if [[ $word == = ]]; then word=
              elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}
              fi
              if (( COMP_CWORD == 1 )); then {{function}}_offer '{{string.Join(' ', shell.Verbs.Select(v => v.Name))}} --help --version'; return; fi
              case "$verb $before" in

            """);
        foreach (var verb in shell.Verbs)
        {
            foreach (var option in verb.Options.Where(o => o.Value != null))
            {
                string action =
                    option.Choices.Count > 0 ? $"{function}_offer '{string.Join(' ', option.Choices)}'" : option.IsPath ? $"{function}_path" : ":";
                text.Append($"    '{verb.Name} {option.Name}') {action}; return ;;\n");
            }
        }

        text.Append("  esac\n  case $verb in\n");
        foreach (var verb in shell.Verbs)
        {
            string options = string.Join(' ', verb.Options.Select(o => o.Name).Append("--help"));
            string operand = verb.MaxOperands > 0 ? $"{function}_path" : ":";
            text.Append($"    {verb.Name}) if [[ $word == -* ]]; then {function}_offer '{options}'; else {operand}; fi ;;\n");
        }

        return text.Append($"  esac\n}}\ncomplete -F {function} {shell.Program}\n").ToString();
    }

    private static string Zsh(Shell shell)
    {
        string function = Function(shell);
        var text = new StringBuilder($$"""
            #compdef {{shell.Program}}
            # zsh completion for {{shell.Program}}; made by '{{shell.Program}} --completion zsh'.
            {{function}}() {
              local -a verbs
              if (( CURRENT == 2 )); then
                verbs=({{string.Join(' ', shell.Verbs.Select(v => Quoted($"{v.Name}:{v.Summary}")))}})
                _describe command verbs
                return
              fi
              local verb=$words[2]
              shift words
              (( CURRENT-- ))
              case $verb in

            """);
        foreach (var verb in shell.Verbs)
        {
            text.Append($"    {verb.Name}) _arguments -S");
            foreach (var option in verb.Options) text.Append(" \\\n      ").Append(Quoted(ZshOption(option)));
            if (verb.MaxOperands > 0) text.Append(" \\\n      ").Append(Quoted($"*:{verb.Operands}:_files"));
            text.Append(" ;;\n");
        }

        return text.Append($"  esac\n}}\n{function} \"$@\"\n").ToString();
    }

    private static string ZshOption(Option option)
    {
        // A short option's value is the next word; a long one's that or what follows the equals sign.
        string equals = option.Value == null ? "" : option.Name.StartsWith("--", StringComparison.Ordinal) ? "=" : "";
        string head = $"{(option.Repeats ? "*" : "")}{option.Name}{equals}["
            + $"{option.Help.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)}]";
        if (option.Value == null) return head;
        string action = option.Choices.Count > 0 ? $"({string.Join(' ', option.Choices)})" : option.IsPath ? "_files" : " ";
        return $"{head}:{option.Value.Replace(":", "\\:", StringComparison.Ordinal)}:{action}";
    }

    private static string Function(Shell shell) => "_" + shell.Program.Replace('-', '_');

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
