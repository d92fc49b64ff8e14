namespace ResNetEdge.Operators.Lanes;

/// <summary>
/// One or several numbers that are computed side by side: what a function is written in. Every implementation rounds each operation once, as IEEE 754
/// says, so a function gives the same bits with any number of lanes; one lane is its definition.
/// </summary>
/// <typeparam name="TSelf">The implementation: float32 or float64, as many lanes as a register holds.</typeparam>
internal interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The same number in every lane, rounded to the lane's type.</summary>
    static abstract TSelf Of(double value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a·b + c with one rounding.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The square root, rounded once; not a number below 0.</summary>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>The next whole number below.</summary>
    static abstract TSelf Floor(TSelf x);

    /// <summary>The nearest whole number, the even one of two.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>|x|; of -0 it is 0.</summary>
    static abstract TSelf Abs(TSelf x);

    /// <summary>min(max(x, low), high) that keeps a NaN and, at a bound of zero, the sign of a zero: the clamp of every fused epilogue.</summary>
    static abstract TSelf Clamp(TSelf x, TSelf low, TSelf high);

    /// <summary>
    /// a &lt; b ? then : otherwise; a NaN is less than nothing. What is chosen keeps its bits, those of a NaN and the sign of a zero too.
    /// </summary>
    static abstract TSelf IfLess(TSelf a, TSelf b, TSelf then, TSelf otherwise);
}
