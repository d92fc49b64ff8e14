namespace ResNetEdge.Packages;

/// <summary>How far an output, or the furthest of several, is from what was expected.</summary>
/// <param name="MaxAbs">The largest difference of any element; infinite when one side is not a number and the other is.</param>
/// <param name="Rms">The root of the mean of the squared differences of one output.</param>
internal readonly record struct GoldenDistance(double MaxAbs, double Rms)
{
    /// <summary>Equal infinities and two NaN are not a difference, one NaN is an infinite one.</summary>
    /// <param name="a">One output.</param>
    /// <param name="b">As many elements.</param>
    public static GoldenDistance Between(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double largest = 0, squares = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i].Equals(b[i])) continue;
            double difference = Math.Abs((double)a[i] - b[i]);
            if (double.IsNaN(difference)) difference = double.PositiveInfinity;
            largest = Math.Max(largest, difference);
            squares += difference * difference;
        }

        return new(largest, a.IsEmpty ? 0 : Math.Sqrt(squares / a.Length));
    }

    /// <summary>The larger of either figure.</summary>
    public GoldenDistance OrFurther(GoldenDistance other) => new(Math.Max(MaxAbs, other.MaxAbs), Math.Max(Rms, other.Rms));
}
