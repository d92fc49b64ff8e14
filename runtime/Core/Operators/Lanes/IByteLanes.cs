namespace ResNetEdge.Operators.Lanes;

/// <summary>How lanes of float32 are read from bytes and written as bytes; one byte a lane.</summary>
/// <typeparam name="TLanes">The lanes.</typeparam>
internal unsafe interface IByteLanes<TLanes> where TLanes : struct, IFloatLanes<TLanes>
{
    /// <summary>The numbers 0 to 255.</summary>
    static abstract TLanes Load(byte* from);

    /// <summary>clamp(roundToEven(values), low, high) + zeroPoint, which is from 0 to 255; what is not a number becomes the lower bound.</summary>
    /// <param name="values">Any numbers.</param>
    /// <param name="low">A whole number.</param>
    /// <param name="high">A whole number.</param>
    /// <param name="zeroPoint">Added after rounding.</param>
    /// <param name="to">Where the bytes go.</param>
    static abstract void Store(TLanes values, TLanes low, TLanes high, int zeroPoint, byte* to);
}
