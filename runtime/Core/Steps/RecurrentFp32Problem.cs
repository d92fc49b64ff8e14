using ResNetEdge.Operators.Recurrent;

namespace ResNetEdge.Steps;

/// <summary>
/// The recurrence of an ONNX RNN, GRU or LSTM, given what every gate gets from the inputs, X·Wᵀ + Wb + Rb, of all time steps at once (for
/// <see cref="ResetsProduct"/> without the Rb of the candidate). All values are row-major without gaps.
/// </summary>
internal sealed record RecurrentFp32Problem : StepProblem
{
    /// <summary>Sequences that are computed together, where all are of one length.</summary>
    public const int MaxRows = 4;

    /// <summary>Floats by which a product may write beyond the gates of a row: a panel of any kernel less one.</summary>
    private const int Slack = 64;

    /// <summary>For messages: the layer.</summary>
    public required string Layer { get; init; }

    public required RecurrentCell Cell { get; init; }

    public required RecurrentShape Shape { get; init; }

    /// <summary>Whether the first direction goes from the last step to the first; a second one always does.</summary>
    public required bool IsReverse { get; init; }

    /// <summary>Activations of each direction: f of an RNN; f, g of a GRU; f, g, h of an LSTM.</summary>
    public required GateFunction[] Functions { get; init; }

    /// <summary>R, [direction][gate · hidden][hidden].</summary>
    public required ReadOnlyMemory<float> StateWeights { get; init; }

    /// <summary>GRU: whether the reset gate scales the candidate's product (linear_before_reset) and not the state.</summary>
    public bool ResetsProduct { get; init; }

    /// <summary>With <see cref="ResetsProduct"/> the Rb of the candidate, [direction][hidden].</summary>
    public float[]? CandidateBias { get; init; }

    /// <summary>LSTM: whether the forget gate is 1 - the input gate (input_forget).</summary>
    public bool CouplesGates { get; init; }

    /// <summary>LSTM: P, [direction][3 · hidden] for the gates i, o, f, or null.</summary>
    public float[]? Peepholes { get; init; }

    /// <summary>
    /// Bytes from the arena's base to X·Wᵀ, [step][batch][direction][gate · hidden], or [batch][step] if the shape is batch first.
    /// </summary>
    public required long Product { get; init; }

    /// <summary>sequence_lens, Int32 [batch]; null where every sequence has all steps.</summary>
    public long? Lengths { get; init; }

    /// <summary>initial_h; null for zeros.</summary>
    public long? InitialHidden { get; init; }

    /// <summary>initial_c; null for zeros.</summary>
    public long? InitialCell { get; init; }

    /// <summary>Y; null where nobody wants it.</summary>
    public long? Sequence { get; init; }

    /// <summary>Y_h; null where nobody wants it.</summary>
    public long? LastHidden { get; init; }

    /// <summary>Y_c; null where nobody wants it.</summary>
    public long? LastCell { get; init; }

    /// <summary>Gates of a unit.</summary>
    public int Gates => (int)Cell;

    /// <summary>Activations of one direction.</summary>
    public int FunctionsPerDirection => Functions.Length / Shape.Directions;

    /// <summary>Floats of scratch memory for the gates of one sequence: a product may start at the last gate and write whole panels.</summary>
    public int SumsPitch => ((Gates * Shape.Hidden + Slack - 1) / Slack + 1) * Slack;

    /// <summary>Bytes of scratch memory of one part: gates, hidden state and cell of <see cref="MaxRows"/> sequences.</summary>
    public long PartBytes => MaxRows * ((long)SumsPitch + 2L * Shape.Hidden) * sizeof(float);

    public override void Check()
    {
        var (steps, batch, _, hidden, directions, _) = Shape;
        if (steps < 1 || batch < 1 || hidden < 1 || directions is not (1 or 2)) throw new ArgumentException($"a recurrent layer of {Shape}");
        long weights = (long)directions * Gates * hidden * hidden;
        if (StateWeights.Length != weights || (CandidateBias?.Length ?? directions * hidden) != directions * hidden
            || (Peepholes?.Length ?? directions * 3 * hidden) != directions * 3 * hidden || Functions.Length % directions != 0)
            throw new ArgumentException($"constants that do not fit {Shape}");
        foreach (long? place in (ReadOnlySpan<long?>)[Product, Lengths, InitialHidden, InitialCell, Sequence, LastHidden, LastCell])
            if (place is { } offset && (offset < 0 || offset % sizeof(float) != 0)) throw new ArgumentException($"a value at {offset}");
    }

    protected override StepProblem Move(StepPlaces places)
    {
        int read = 1, written = 0;
        return this with
        {
            Product = Product + places.Reads[0],
            Lengths = Lengths is null ? null : Lengths + places.Reads[read++],
            InitialHidden = InitialHidden is null ? null : InitialHidden + places.Reads[read++],
            InitialCell = InitialCell is null ? null : InitialCell + places.Reads[read++],
            Sequence = Sequence is null ? null : Sequence + places.Writes[written++],
            LastHidden = LastHidden is null ? null : LastHidden + places.Writes[written++],
            LastCell = LastCell is null ? null : LastCell + places.Writes[written++],
        };
    }
}
