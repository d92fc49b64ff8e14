namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>What an emitted product multiplies and what becomes of its sums.</summary>
internal enum ProductKind
{
    /// <summary>float32, sums that are stored.</summary>
    Fp32,

    /// <summary>The same of inputs that lie the other way: a register holds the four rows of a step.</summary>
    Fp32Columns,

    /// <summary>float32, sums that start from a bias and a residual, and are clamped.</summary>
    Fp32Finished,

    /// <summary>s8 by <c>sdot</c>, sums in 32 bits.</summary>
    Int8Dot,

    /// <summary>s16 by <c>smlal</c>, sums in 32 bits.</summary>
    Int16,
}
