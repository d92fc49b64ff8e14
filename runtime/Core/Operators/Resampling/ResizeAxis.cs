namespace ResNetEdge.Operators.Resampling;

/// <summary>
/// How a Resize samples along one axis: which elements of the input a place of the output is made of, and with which weights. Source: ONNX's
/// reference, onnx/reference/ops/op_resize.py.
/// </summary>
/// <param name="Rule">What holds for every axis.</param>
/// <param name="Input">Elements along the axis.</param>
/// <param name="Output">The same of the output.</param>
/// <param name="Scale">Output over input; exact only where the sizes were given.</param>
/// <param name="Start">First end of the region of interest, in parts of the axis.</param>
/// <param name="End">Its other end.</param>
internal readonly record struct ResizeAxis(ResizeRule Rule, int Input, int Output, double Scale, double Start, double End)
{
    /// <summary>Whether every element stays what it is.</summary>
    public bool IsIdentity => Input == Output && Scale == 1 && !Rule.UsesRegion;

    /// <summary>Where a place of the output is in the input.</summary>
    public double Coordinate(int at)
    {
        switch (Rule.Coordinates)
        {
            case "asymmetric": return Rule.IsNearest ? (float)at / (float)Scale : at / Scale;
            case "align_corners": return at == 0 || Output == 1 ? 0 : at * (Input - 1) / (Input * Scale - 1);
            case "pytorch_half_pixel" when Output == 1: return 0;
            case "tf_half_pixel_for_nn": return (at + 0.5) / Scale;
            case "tf_crop_and_resize":
                return Output > 1
                    ? Start * (Input - 1) + at * (End - Start) * (Input - 1) / (Output - 1)
                    : 0.5 * (Start + End) * (Input - 1);
            case "half_pixel_symmetric":
                double adjustment = Output / (Scale * Input);
                return Input / 2.0 * (1 - adjustment) + (at + 0.5) / Scale - 0.5;
            default: return Rule.IsNearest ? ((float)at + 0.5f) / (float)Scale - 0.5f : (at + 0.5) / Scale - 0.5;
        }
    }

    /// <summary>The nearest element of the input, which may be outside of it.</summary>
    public int Nearest(double coordinate) => (int)Math.Clamp(
        Rule.NearestMode switch
        {
            "floor" => Math.Floor(coordinate),
            "ceil" => Math.Ceiling(coordinate),
            "round_prefer_ceil" => Math.Floor(coordinate + 0.5),
            _ => Math.Ceiling(coordinate - 0.5),
        }, 0, Input - 1);

    /// <summary>The elements of the input, some of them maybe outside of it, that may have a weight.</summary>
    public (int First, int Count) Taps(double coordinate)
    {
        double reach = Reach;
        int first = (int)Math.Ceiling(coordinate - reach), last = (int)Math.Floor(coordinate + reach);
        return (first, last - first + 1);
    }

    /// <summary>Weight of an element; all that <see cref="Taps"/> names are divided by the sum of their weights.</summary>
    public double Weight(double coordinate, int tap)
    {
        if (Rule.ExcludesOutside && (tap < 0 || tap >= Input)) return 0;
        double distance = Math.Abs(tap - coordinate) * Shrink;
        return Rule.IsCubic ? Cubic(distance, Rule.CubicCoefficient) : Math.Max(0, 1 - distance);
    }

    /// <summary>Sum of the weights of all taps.</summary>
    public double WeightSum(double coordinate)
    {
        var (first, count) = Taps(coordinate);
        double sum = 0;
        for (int i = 0; i < count; i++) sum += Weight(coordinate, first + i);
        return sum == 0 ? 1 : sum;
    }

    /// <summary>Whether a place of the output is outside of the input and gets the extrapolation value.</summary>
    public bool IsOutside(double coordinate) => Rule.UsesRegion && (coordinate < 0 || coordinate > Input - 1);

    private double Shrink => Rule.IsAntialiased ? Math.Min(Scale, 1) : 1;

    private double Reach => (Rule.IsCubic ? 2 : 1) / Shrink;

    // Keys, Cubic convolution interpolation for digital image processing, 1981; a is -1/2 there.
    private static double Cubic(double x, double a) =>
        x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
        : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
        : 0;
}
