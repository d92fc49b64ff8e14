namespace ResNetEdge.Device.Sensors;

/// <summary>One place where the machine measures its temperature.</summary>
/// <param name="Name">As the driver calls it: <c>cpu-thermal</c>, <c>x86_pkg_temp</c>.</param>
/// <param name="Celsius">Its temperature in degrees Celsius.</param>
internal readonly record struct ThermalZone(string Name, double Celsius);
