namespace ResNetEdge.Exporter.Options;

/// <summary>How much of a sensitivity ledger is made.</summary>
internal enum LedgerScope
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The int8 layers.</summary>
    Layers,

    /// <summary>Layers and residual blocks.</summary>
    Full,
}
