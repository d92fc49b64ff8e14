namespace ResNetEdge.Operators;

/// <summary>Where the elements of an operator's output come from. Decides what may change places with it and what it does to a scale.</summary>
internal enum ElementFlow
{
    /// <summary>Each is computed from several: sums, products, means.</summary>
    Computed,

    /// <summary>Each is a function of the element at the same place: Relu, Sigmoid, Clip.</summary>
    Mapped,

    /// <summary>Each is a function of the elements at the same place of several inputs, which are broadcast: Add, Mul, PRelu.</summary>
    Combined,

    /// <summary>Each is the number at the same place in another type or precision: Cast, QuantizeLinear, DequantizeLinear.</summary>
    Converted,

    /// <summary>The input's elements in the input's order, at most under another shape: Reshape, Identity. A plan needs no step for it.</summary>
    Kept,

    /// <summary>The input's elements, all of them, in another order: Transpose.</summary>
    Moved,

    /// <summary>Some of the inputs' elements, repeated or not, maybe with a constant around them: Slice, MaxPool, Pad, Concat.</summary>
    Selected,
}
