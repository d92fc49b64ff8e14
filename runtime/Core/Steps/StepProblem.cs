namespace ResNetEdge.Steps;

/// <summary>
/// What one step computes, as data: sizes, constants and where its values lie, nothing of the device that runs it. A problem is made with
/// places relative to their storages and is bound once the arena is laid out.
/// </summary>
internal abstract record StepProblem
{
    /// <summary>Memory that the backend has asked for; null when it asked for none.</summary>
    public Scratch? Scratch { get; init; }

    /// <summary>Checks everything that kernels take for granted.</summary>
    /// <exception cref="EdgeException">Bad input: numbers with which the arithmetic would not be exact. The caller adds the layer's name.</exception>
    /// <exception cref="ArgumentException">The plan is wrong: a defect.</exception>
    public abstract void Check();

    /// <summary>The same problem with its places counted from the arena's base.</summary>
    public StepProblem Bind(StepPlaces places) => Move(places) with { Scratch = places.Scratch };

    /// <summary>Adds to each place where its storage begins.</summary>
    protected abstract StepProblem Move(StepPlaces places);
}
