namespace ResNetEdge.Device.Pins;

/// <summary>Changes of an input that the kernel reports, in terms of active and inactive.</summary>
[Flags]
internal enum GpioEdges
{
    /// <summary>No change is reported.</summary>
    None = 0,

    /// <summary>From inactive to active.</summary>
    Rising = 1,

    /// <summary>From active to inactive.</summary>
    Falling = 2,

    /// <summary>Each change.</summary>
    Both = Rising | Falling,
}
