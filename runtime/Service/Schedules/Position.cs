namespace ResNetEdge.Service.Schedules;

/// <summary>Where the device is, in degrees; for sunrise and sunset.</summary>
/// <param name="Latitude">North is positive.</param>
/// <param name="Longitude">East is positive.</param>
internal readonly record struct Position(double Latitude, double Longitude);
