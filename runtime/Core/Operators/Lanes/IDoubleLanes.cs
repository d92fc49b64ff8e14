namespace ResNetEdge.Operators.Lanes;

/// <summary>Lanes of float64, for what float32 is not exact enough for.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal unsafe interface IDoubleLanes<TSelf> : ILanes<TSelf> where TSelf : struct, IDoubleLanes<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> elements of float32.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>Writes <see cref="Count"/> elements, rounded to float32.</summary>
    void Store(float* to);

    /// <summary>
    /// 2ⁿ for a whole n from -1022 to 1023 that comes as n + <see cref="Exponential.Rounding"/>: its lowest bits become the exponent.
    /// </summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);

    /// <summary>The exponent n of a positive normal number m·2ⁿ with 1 ≤ m &lt; 2.</summary>
    static abstract TSelf Exponent(TSelf x);

    /// <summary>The m of a positive normal number m·2ⁿ with 1 ≤ m &lt; 2.</summary>
    static abstract TSelf Mantissa(TSelf x);
}
