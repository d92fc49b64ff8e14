namespace ResNetEdge.Operators.Lanes;

/// <summary>
/// A function of one float32, written once for any number of lanes; its parameters are its fields. Kernels take it as a type parameter, so that the
/// compiler builds it into their loop: mark <see cref="Apply"/> with AggressiveInlining.
/// </summary>
internal interface IFloatFunction
{
    /// <summary>The function of each lane.</summary>
    T Apply<T>(T x) where T : struct, IFloatLanes<T>;
}
