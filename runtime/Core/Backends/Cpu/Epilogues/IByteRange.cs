namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>What bytes a result can be. A struct type parameter: a constant, so that what is not needed is not there.</summary>
internal interface IByteRange
{
    /// <summary>The zero point is 0 and the clamps are 0 and 255, as after most ReLUs: saturation is all there is to do.</summary>
    static abstract bool IsWhole { get; }
}

/// <summary>No zero point, and every byte.</summary>
internal readonly struct WholeRange : IByteRange
{
    public static bool IsWhole => true;
}

/// <summary>Any zero point and clamps.</summary>
internal readonly struct AnyRange : IByteRange
{
    public static bool IsWhole => false;
}
