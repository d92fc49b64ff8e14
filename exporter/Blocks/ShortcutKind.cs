namespace ResNetEdge.Exporter.Blocks;

/// <summary>What runs beside a block's branch: He et al., arXiv:1512.03385 §3.2.</summary>
internal enum ShortcutKind
{
    /// <summary>The block's input itself.</summary>
    Identity,

    /// <summary>A convolution, 1×1 as a rule.</summary>
    Projection,

    /// <summary>Computed without weights: subsampled, padded or pooled (option A).</summary>
    ParameterFree,
}
