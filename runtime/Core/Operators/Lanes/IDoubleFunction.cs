namespace ResNetEdge.Operators.Lanes;

/// <summary>A function of one float64, for <see cref="IFloatLanes{TSelf}.InDouble"/>; see <see cref="IFloatFunction"/>.</summary>
internal interface IDoubleFunction
{
    /// <summary>The function of each lane.</summary>
    T Apply<T>(T x) where T : struct, IDoubleLanes<T>;
}
