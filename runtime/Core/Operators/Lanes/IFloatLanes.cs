namespace ResNetEdge.Operators.Lanes;

/// <summary>Lanes of float32: what elements are stored in.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal unsafe interface IFloatLanes<TSelf> : ILanes<TSelf> where TSelf : struct, IFloatLanes<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Whether a lane holds more than float32; then functions that approximate for float32 are computed <see cref="InDouble"/>.</summary>
    static abstract bool IsWide { get; }

    /// <summary>Reads <see cref="Count"/> elements; no alignment is needed.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>Reads one element into every lane.</summary>
    static abstract TSelf Broadcast(float* from);

    /// <summary>Writes <see cref="Count"/> elements.</summary>
    void Store(float* to);

    /// <summary>
    /// 2ⁿ for a whole n from -126 to 127 that comes as n + <see cref="Float32Exponential.Rounding"/>: its lowest bits become the exponent. Of
    /// anything else it is some power of two, 0 or infinity, but never NaN.
    /// </summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);

    /// <summary>The function of these numbers, computed in float64 and rounded to float32 once.</summary>
    TSelf InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction;
}
