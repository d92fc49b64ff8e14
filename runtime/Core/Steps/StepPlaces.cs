namespace ResNetEdge.Steps;

/// <summary>Where the arena's layout has put the storages that a step touches, in bytes from the arena's base.</summary>
/// <param name="Reads">Of what it reads, in the order in which the problem takes it.</param>
/// <param name="Writes">Of what it writes.</param>
internal sealed record StepPlaces(long[] Reads, long[] Writes)
{
    /// <summary>Of the bytes that stand for pixels outside the picture; 0 for a step that reads none.</summary>
    public long Padding { get; init; }

    /// <summary>What the backend has asked for.</summary>
    public Scratch? Scratch { get; init; }
}
