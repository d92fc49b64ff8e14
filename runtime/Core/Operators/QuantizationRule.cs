namespace ResNetEdge.Operators;

/// <summary>What quantisation makes of a node.</summary>
internal enum QuantizationRule
{
    /// <summary>It reads and gives floats.</summary>
    StaysFloat,

    /// <summary>It reads quantised values and computes in int8; its result is quantised by a scale of its own.</summary>
    ComputesInInt8,

    /// <summary>
    /// It computes element by element, in int8 where its result is wanted quantised, which then has a scale of its own: on its own it would not be
    /// worth a conversion.
    /// </summary>
    FollowsReaders,

    /// <summary>It reads and gives quantised values of one scale, since it only moves or selects elements.</summary>
    PassesScale,
}
