using System.Globalization;

namespace ResNetEdge.Operators;

/// <summary>What the error of a float32 result is measured by.</summary>
internal enum BoundMeasure
{
    /// <summary>There is no error: nothing is rounded.</summary>
    Nothing,

    /// <summary>The size of the exact result.</summary>
    Result,

    /// <summary>The size of the first input's element.</summary>
    Input,

    /// <summary>The size of the first input's largest element.</summary>
    Data,

    /// <summary>The sum of the sizes of what is added, for each of the n terms of the sum.</summary>
    Terms,

    /// <summary>The largest of the results, and 1.</summary>
    Largest,
}

/// <summary>How far a float32 result may be from the exact one, while nothing overflows or underflows.</summary>
/// <param name="Measure">What the error is measured by.</param>
/// <param name="Units">How many 2⁻²⁴ of it; of a sum of n terms, n more.</param>
internal readonly record struct Fp32Bound(BoundMeasure Measure, double Units)
{
    /// <summary>Half the distance between 1 and the next float: what one rounding does at most.</summary>
    public const double Unit = 1.0 / (1 << 24);

    // Two roundings of a result that is denormal.
    private const double SmallestStep = 2 * float.Epsilon;

    /// <summary>Whether every kernel gives the bits of the reference.</summary>
    public bool IsBitForBit => Measure is BoundMeasure.Nothing or BoundMeasure.Result or BoundMeasure.Input;

    /// <summary>The largest error.</summary>
    /// <param name="size">What it is measured by.</param>
    /// <param name="terms">n, of a sum.</param>
    public double Of(double size, int terms) => Measure == BoundMeasure.Nothing ? 0
        : (Measure == BoundMeasure.Terms ? terms + Units : Units) * Unit * size + SmallestStep;

    /// <summary>As the list of operators says it, u being <see cref="Unit"/>.</summary>
    public override string ToString() => Measure switch
    {
        BoundMeasure.Nothing => "exact",
        BoundMeasure.Result => string.Create(CultureInfo.InvariantCulture, $"{Units} u·abs(y)"),
        BoundMeasure.Input => string.Create(CultureInfo.InvariantCulture, $"{Units} u·abs(x)"),
        BoundMeasure.Data => string.Create(CultureInfo.InvariantCulture, $"{Units} u·max(x)"),
        BoundMeasure.Terms => string.Create(CultureInfo.InvariantCulture, $"(n + {Units}) u·Σ"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Units} u·max"),
    };
}
