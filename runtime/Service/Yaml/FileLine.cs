namespace ResNetEdge.Service.Yaml;

/// <summary>
/// Where in the file something stands, kept for messages. All are equal: settings that moved to another line are the same settings, and
/// what was made from them stays.
/// </summary>
/// <param name="number">From 1; 0: not from a file.</param>
internal readonly struct FileLine(int number) : IEquatable<FileLine>
{
    /// <summary>From 1; 0: not from a file.</summary>
    public int Number { get; } = number;

    /// <inheritdoc/>
    public bool Equals(FileLine other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FileLine;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
