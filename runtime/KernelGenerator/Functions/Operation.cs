namespace ResNetEdge.KernelGenerator.Functions;

/// <summary>The operations of lanes that functions are made of.</summary>
internal enum Operation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    MultiplyAdd,
    Minimum,
    Maximum,

    /// <summary>a &lt; b ? then : otherwise.</summary>
    IfLess,

    /// <summary>2ⁿ of n + 1.5·2²³; the second operand is 1.</summary>
    PowerOfTwo,
}
