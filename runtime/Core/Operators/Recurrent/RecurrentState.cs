namespace ResNetEdge.Operators.Recurrent;

/// <summary>The state of one sequence in one direction while it is walked; [hidden] each.</summary>
/// <param name="memory">Room for four of them.</param>
/// <param name="size">Numbers of each.</param>
internal readonly ref struct RecurrentState(NativeNumbers memory, int size)
{
    /// <summary>H of the step before.</summary>
    public Span<double> Hidden { get; } = memory.Slice(0, size);

    /// <summary>H of the step that is being computed.</summary>
    public Span<double> Next { get; } = memory.Slice(size, size);

    /// <summary>C of an LSTM.</summary>
    public Span<double> Cell { get; } = memory.Slice(2 * size, size);

    /// <summary>Room for what a step needs between.</summary>
    public Span<double> Between { get; } = memory.Slice(3 * size, size);
}
