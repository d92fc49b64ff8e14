namespace ResNetEdge.Operators;

/// <summary>What an input of an operator holds.</summary>
internal enum InputRole
{
    /// <summary>An activation.</summary>
    Data,

    /// <summary>An activation, or a constant that was trained: both are usual, as in an Add.</summary>
    Operand,

    /// <summary>Weights of a layer.</summary>
    Weight,

    /// <summary>A number for each output channel that is added, trained.</summary>
    Bias,

    /// <summary>Another trained constant: the scale and shift of a normalisation.</summary>
    Trained,

    /// <summary>Collected while training, not trained: a running mean or variance.</summary>
    Statistic,

    /// <summary>Says how to compute: axes, a shape, bounds, a scale or a zero point.</summary>
    Setting,
}
