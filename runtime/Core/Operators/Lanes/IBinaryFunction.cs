namespace ResNetEdge.Operators.Lanes;

/// <summary>A function of two numbers, written once for any number of lanes of any type; see <see cref="IFloatFunction"/>.</summary>
internal interface IBinaryFunction
{
    /// <summary>The function of each pair of lanes.</summary>
    T Apply<T>(T a, T b) where T : struct, ILanes<T>;
}
