namespace ResNetEdge.Exporter.Options;

/// <summary>How much of a sensitivity report is made.</summary>
internal enum SensitivityScope
{
    /// <summary>Nothing is measured.</summary>
    None,

    /// <summary>The int8 layers.</summary>
    Layers,

    /// <summary>Layers and residual blocks.</summary>
    Full,
}
