namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>The chip of a display.</summary>
internal enum OledController
{
    /// <summary>Of most displays of 0.96 inches and less.</summary>
    Ssd1306,

    /// <summary>Of most displays of 1.3 inches.</summary>
    Sh1106,
}
