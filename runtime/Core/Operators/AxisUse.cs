namespace ResNetEdge.Operators;

/// <summary>How an operator uses the axes of its input, and so what a Transpose before it becomes when it is moved behind it.</summary>
internal enum AxisUse
{
    /// <summary>In a way of its own, or not known: the Transpose stays in front unless a rule for this operator says otherwise.</summary>
    Own,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>Inputs are aligned axis by axis, with broadcasting; constants beside a transposed value are transposed back.</summary>
    Aligned,

    /// <summary>One axis, which the attribute <c>axis</c> names.</summary>
    Attribute,
}
