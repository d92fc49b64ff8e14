namespace ResNetEdge.Device.Sensors;

/// <summary>How hot and how fast the machine is, at one moment.</summary>
/// <param name="Zones">All that answered; empty where the machine has none.</param>
/// <param name="CpuMHz">Clock of the fastest core; null where the machine does not say.</param>
/// <param name="Throttles">Why it says that it slows itself down; empty while it does not.</param>
internal sealed record MachineState(IReadOnlyList<ThermalZone> Zones, double? CpuMHz, IReadOnlyList<string> Throttles)
{
    /// <summary>The hottest zone; null where there is none.</summary>
    public ThermalZone? Hottest => Zones.Count == 0 ? null : Zones.MaxBy(z => z.Celsius);
}
