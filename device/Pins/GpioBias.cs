namespace ResNetEdge.Device.Pins;

/// <summary>What pulls an input that nothing drives.</summary>
internal enum GpioBias
{
    /// <summary>What the chip or the board has set.</summary>
    AsIs,

    /// <summary>A resistor of the chip to the supply: a button to ground reads high until it is pressed.</summary>
    PullUp,

    /// <summary>A resistor of the chip to ground.</summary>
    PullDown,

    /// <summary>Nothing: there is a resistor on the board.</summary>
    Off,
}
