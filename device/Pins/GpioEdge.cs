namespace ResNetEdge.Device.Pins;

/// <summary>An input changed.</summary>
/// <param name="IsRising">It is active now.</param>
/// <param name="Time">When the chip's interrupt came, on the monotonic clock.</param>
internal readonly record struct GpioEdge(bool IsRising, TimeSpan Time);
