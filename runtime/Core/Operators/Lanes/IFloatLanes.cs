namespace ResNetEdge.Operators.Lanes;

/// <summary>Lanes of float32: what elements are stored in.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal unsafe interface IFloatLanes<TSelf> : ILanes<TSelf> where TSelf : struct, IFloatLanes<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> elements; no alignment is needed.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>Reads one element into every lane.</summary>
    static abstract TSelf Broadcast(float* from);

    /// <summary>Writes <see cref="Count"/> elements.</summary>
    void Store(float* to);

    /// <summary>The function of these numbers, computed in float64 and rounded to float32 once.</summary>
    TSelf InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction;
}
