namespace ResNetEdge.Operators.Lanes;

/// <summary>Lanes of float64, for what float32 is not exact enough for.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal interface IDoubleLanes<TSelf> : ILanes<TSelf> where TSelf : struct, IDoubleLanes<TSelf>
{
    /// <summary>
    /// 2ⁿ for a whole n from -1022 to 1023 that comes as n + <see cref="Exponential.Rounding"/>: its lowest bits become the exponent.
    /// </summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);
}
