namespace ResNetEdge.Operators;

/// <summary>What quantisation makes of a node.</summary>
internal enum QuantizationRule
{
    /// <summary>It reads and gives floats.</summary>
    StaysFloat,

    /// <summary>It reads quantised values and computes in int8; its result is quantised by a scale of its own.</summary>
    ComputesInInt8,

    /// <summary>It computes in float, with weights that are stored in int8: a recurrent layer, whose state would gather the errors of int8.</summary>
    StoresInt8Weights,

    /// <summary>
    /// It computes element by element, in int8 where its result is wanted quantised, which then has a scale of its own: on its own it would not be
    /// worth a conversion.
    /// </summary>
    FollowsReaders,

    /// <summary>It reads and gives quantised values of one scale, since it only moves or selects elements.</summary>
    PassesScale,
}
