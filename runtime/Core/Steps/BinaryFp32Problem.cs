using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Steps;

/// <summary>
/// A function of two float32 values with broadcasting, then a clamp: y = clamp(Function(left, right), Low, High). Layouts are nothing but strides.
/// The output may be the place of an input that is not spread.
/// </summary>
internal sealed record BinaryFp32Problem : StepProblem
{
    /// <summary>Most dimensions that a kernel counts.</summary>
    public const int MaxDimensions = 8;

    public required BinaryFunction Function { get; init; }

    /// <summary>Outermost first, joined.</summary>
    public required IReadOnlyList<BinaryDimension> Dimensions { get; init; }

    /// <summary>Bytes from the arena's base to the first element of the first input.</summary>
    public required long Left { get; init; }

    /// <summary>The same of the second input.</summary>
    public required long Right { get; init; }

    /// <summary>The same of the output.</summary>
    public required long Output { get; init; }

    /// <summary>Lower clamp (ReLU: 0).</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>Upper clamp (ReLU6: 6).</summary>
    public float High { get; init; } = float.PositiveInfinity;

    public override void Check()
    {
        Require(Dimensions.Count is > 0 and <= MaxDimensions, $"{Dimensions.Count} dimensions");
        Require(IsPlace(Left) && IsPlace(Right) && IsPlace(Output), "a value is not at a float");
        Require(Low <= High, "the lower clamp lies above the upper one");
        foreach (var d in Dimensions)
        {
            Require(d.Size > 0, "a dimension without elements");
            Require(IsPlace(d.Left) && IsPlace(d.Right) && IsPlace(d.Output), "elements are not floats apart");
        }

        // Each element of the output is written once.
        long extent = sizeof(float);
        foreach (var d in Dimensions.OrderBy(static d => d.Output))
        {
            Require(d.Output >= extent, "the output's elements overlap");
            extent = d.Output * d.Size;
        }
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Left = Left + places.Reads[0],
        Right = Right + places.Reads[1],
        Output = Output + places.Writes[0],
    };

    private static bool IsPlace(long bytes) => bytes >= 0 && bytes % sizeof(float) == 0;

    private static void Require(bool condition, string complaint)
    {
        if (!condition) throw new ArgumentException(complaint);
    }
}
