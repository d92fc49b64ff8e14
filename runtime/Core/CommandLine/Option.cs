namespace ResNetEdge.CommandLine;

/// <summary>One option of a verb.</summary>
/// <param name="Name">With its dashes, e.g. <c>--threads</c>.</param>
/// <param name="Value">The placeholder for the value in help texts, e.g. <c>N</c>; null for a switch without value.</param>
/// <param name="Help">One sentence; units and default in it.</param>
/// <param name="Repeats">Whether it may be given more than once.</param>
internal sealed record Option(string Name, string? Value, string Help, bool Repeats = false)
{
    // What help texts call a value that is a path.
    private static readonly string[] PathWords = ["FILE", "DIR", "PACKAGE", "CONFIG", "DEVICE", "KEY"];

    /// <summary>The name that it had in an earlier version: still accepted, but not offered in help or completion.</summary>
    public string? FormerName { get; init; }

    /// <summary>The values that a shell offers; empty where they cannot be listed.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the value names a file or folder, which a shell can complete.</summary>
    public bool IsPath => Value is { } value && PathWords.Any(word => value.StartsWith(word, StringComparison.Ordinal));
}
