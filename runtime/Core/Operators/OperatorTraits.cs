namespace ResNetEdge.Operators;

/// <summary>
/// What is known of an operator apart from how it is computed, so that planner, passes, metrics and exporter need no lists of names. The defaults
/// are those of an operator of which nothing is known: its reference computes it, and nothing is fused, moved or quantised around it.
/// </summary>
internal sealed record OperatorTraits
{
    /// <summary>Nothing is known.</summary>
    public static OperatorTraits None { get; } = new();

    /// <summary>Where the output's elements come from.</summary>
    public ElementFlow Elements { get; init; } = ElementFlow.Computed;

    /// <summary>What each input holds, in order; the last holds for all further ones.</summary>
    public IReadOnlyList<InputRole> Inputs { get; init; } = [InputRole.Data];

    /// <summary>How it uses axes.</summary>
    public AxisUse Axes { get; init; } = AxisUse.Own;

    /// <summary>The axis that holds when the attribute <c>axis</c> is missing; may count from the end.</summary>
    public int DefaultAxis { get; init; }

    /// <summary>Whether kernels compute it on quantised values. What it does to a given node, <see cref="Operator.Quantization"/> says.</summary>
    public bool HasInt8Form { get; init; }

    /// <summary>QuantizeLinear or DequantizeLinear: it says in which form a value is wanted and computes nothing else.</summary>
    public bool IsQuantization { get; init; }

    /// <summary>
    /// Whether it clamps to a range and thus fits the epilogue of the step that makes its input; <see cref="Operator.Clamp"/> gives the range.
    /// </summary>
    public bool IsClamp { get; init; }

    /// <summary>Whether a positive factor on a channel of the input comes out as the same factor on that channel: f(k·x) = k·f(x).</summary>
    public bool PassesPositiveFactor { get; init; }

    /// <summary>
    /// Whether a result may be many orders of magnitude from the inputs, as those of Exp and Reciprocal: more than float16 has between its least and
    /// its largest number.
    /// </summary>
    public bool SpreadsRange { get; init; }

    /// <summary>Whether its step can store the form that its readers want, rounding while it writes; others keep the form of their input.</summary>
    public bool RoundsToReaders { get; init; }

    /// <summary>Whether its kernels read pictures with the channels innermost.</summary>
    public bool ReadsChannelsInnermost { get; init; }

    /// <summary>Whether it has weights and multiplies and accumulates with them.</summary>
    public bool IsWeighted => Inputs.Contains(InputRole.Weight);

    /// <summary>Whether an element depends on nothing but the elements at its place.</summary>
    public bool IsPerElement => Elements is ElementFlow.Mapped or ElementFlow.Combined;

    /// <summary>Whether it keeps every element and its order.</summary>
    public bool KeepsElements => Elements == ElementFlow.Kept;

    /// <summary>Whether each element of the output is one of the input, maybe at another place or in another type, and none is missing.</summary>
    public bool KeepsEveryElement => Elements is ElementFlow.Kept or ElementFlow.Moved or ElementFlow.Converted;

    /// <summary>What an input holds.</summary>
    public InputRole RoleOf(int input) => Inputs[Math.Min(input, Inputs.Count - 1)];

    /// <summary>Whether an input holds activations.</summary>
    public bool IsData(int input) => RoleOf(input) is InputRole.Data or InputRole.Operand;

    /// <summary>Whether a constant at an input was trained.</summary>
    public bool IsTrained(int input) => RoleOf(input) is InputRole.Operand or InputRole.Weight or InputRole.Bias or InputRole.Trained;
}
