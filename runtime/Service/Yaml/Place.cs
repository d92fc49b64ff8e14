namespace ResNetEdge.Service.Yaml;

/// <summary>Where in which file, and what is wrong with it so far: every problem of a file is told at once.</summary>
/// <param name="File">As the user gave it.</param>
/// <param name="Path">Of the section, for people: <c>outputs[1]</c>; empty for the whole file.</param>
/// <param name="Problems">Of the whole file.</param>
internal sealed record Place(string File, string Path, List<(int Line, string Sentence)> Problems)
{
    /// <summary>A section inside.</summary>
    public Place Inside(string name) => this with { Path = Path.Length == 0 ? name : $"{Path}.{name}" };

    /// <summary>Notes a problem, once: a setting that two others look at is read twice.</summary>
    public void Add(int line, string sentence)
    {
        if (!Problems.Contains((line, sentence))) Problems.Add((line, sentence));
    }

    /// <summary>Refuses the file when there is a problem: one line each, in the file's order.</summary>
    /// <exception cref="EdgeException">Exit 3.</exception>
    public void ThrowIfAny()
    {
        if (Problems.Count == 0) return;
        throw EdgeException.BadInput(string.Join('\n', Problems.OrderBy(p => p.Line).Select(p => $"{File}:{p.Line}: {p.Sentence}")));
    }
}
