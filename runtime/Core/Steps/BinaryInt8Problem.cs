using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Steps;

/// <summary>
/// A function of two values with broadcasting, then a clamp, as the model writes it: DequantizeLinear → Function → QuantizeLinear, each rounded once.
/// The second value may be float32 itself: a PRelu's slopes. The output may be the place of an input that is not spread.
/// </summary>
internal sealed record BinaryInt8Problem : StepProblem
{
    public required BinaryFunction Function { get; init; }

    /// <summary>Outermost first, joined; steps in bytes.</summary>
    public required IReadOnlyList<BinaryDimension> Dimensions { get; init; }

    public required QuantizedPlace Left { get; init; }

    public required QuantizedPlace Right { get; init; }

    /// <summary>The second value is float32; scale and zero point of <see cref="Right"/> say nothing then.</summary>
    public bool IsRightFloat { get; init; }

    public required QuantizedPlace Output { get; init; }

    /// <summary>Lower clamp (ReLU: the output's zero point).</summary>
    public byte Low { get; init; }

    /// <summary>Upper clamp.</summary>
    public byte High { get; init; } = 255;

    public override void Check()
    {
        int size = IsRightFloat ? sizeof(float) : 1;
        Require(Dimensions.Count is > 0 and <= BinaryFp32Problem.MaxDimensions, $"{Dimensions.Count} dimensions");
        Require(Left.Offset >= 0 && Output.Offset >= 0 && Right.Offset >= 0 && Right.Offset % size == 0, "a value is not at an element");
        Require(Low <= High, "the lower clamp lies above the upper one");
        ScaleChecks.Check(Left.Scale);
        ScaleChecks.Check(Right.Scale);
        ScaleChecks.Check(Output.Scale);
        long extent = 1;
        foreach (var d in Dimensions.OrderBy(static d => d.Output))
        {
            Require(d.Size > 0, "a dimension without elements");
            Require(d.Left >= 0 && d.Right >= 0 && d.Right % size == 0, "elements are not whole elements apart");
            Require(d.Output >= extent, "the output's elements overlap");
            extent = d.Output * d.Size;
        }
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Left = Left with { Offset = Left.Offset + places.Reads[0] },
        Right = Right with { Offset = Right.Offset + places.Reads[1] },
        Output = Output with { Offset = Output.Offset + places.Writes[0] },
    };

    private static void Require(bool condition, string complaint)
    {
        if (!condition) throw new ArgumentException(complaint);
    }
}

/// <summary>Where a u8 value begins and what it stands for: x = (q - ZeroPoint)·Scale.</summary>
/// <param name="Offset">Bytes from the arena's base.</param>
/// <param name="Scale">Positive and finite.</param>
/// <param name="ZeroPoint">What stands for 0.</param>
internal readonly record struct QuantizedPlace(long Offset, float Scale, byte ZeroPoint);
