namespace ResNetEdge.CommandLine;

/// <summary>One command of a program: what it is called, what it takes, what it does.</summary>
internal sealed record Verb
{
    /// <summary>As typed.</summary>
    public required string Name { get; init; }

    /// <summary>One line for the list of verbs.</summary>
    public required string Summary { get; init; }

    /// <summary>What follows the verb before the options, e.g. <c>PACKAGE INPUT...</c>.</summary>
    public required string Operands { get; init; }

    /// <summary>Fewest operands.</summary>
    public required int MinOperands { get; init; }

    /// <summary>Most operands.</summary>
    public required int MaxOperands { get; init; }

    /// <summary>Options in the order of the help text.</summary>
    public required IReadOnlyList<Option> Options { get; init; }

    /// <summary>Lines of the help text after the options: what the operands are, an example.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Does it. Data goes to the terminal's Out, words for people to its Error.</summary>
    public required Func<Arguments, Terminal, ExitCode> Run { get; init; }
}

/// <summary>Where a program writes. Tests put string writers here.</summary>
/// <param name="Out">For data: what another program may read.</param>
/// <param name="Error">Words for people.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error)
{
    /// <summary>Whether a person sees <see cref="Error"/> on a screen, where a line can be drawn again.</summary>
    public bool IsErrorInteractive { get; init; }
}
