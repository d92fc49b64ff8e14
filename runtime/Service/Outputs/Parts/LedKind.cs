namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>The chip in each light of a strip.</summary>
internal enum LedKind
{
    /// <summary>One wire: SPI's data line draws the pulses.</summary>
    Ws2812,

    /// <summary>Two wires: data and clock.</summary>
    Apa102,
}
