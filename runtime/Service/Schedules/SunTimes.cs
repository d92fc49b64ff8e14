namespace ResNetEdge.Service.Schedules;

/// <summary>
/// Sunrise and sunset: when the upper rim of the sun crosses the horizon, refraction included. Within a minute of almanacs up to 66 degrees of
/// latitude; nearer to the poles the sun grazes the horizon, and minutes mean less.
/// </summary>
/// <remarks>Source: NOAA Global Monitoring Laboratory, Solar Calculation Details (equations of Meeus, Astronomical Algorithms);
/// https://gml.noaa.gov/grad/solcalc/calcdetails.html.</remarks>
internal static class SunTimes
{
    private const double RimZenith = 90.833; // degrees: 50 arc minutes below the horizon
    private const double MinutesPerDegree = 4, NoonMinutes = 720;
    private static readonly DateTime J2000 = new(2000, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>The sunrise or sunset of a solar day.</summary>
    /// <param name="date">Whose noon, by the sun, is meant.</param>
    /// <param name="position">On the earth.</param>
    /// <param name="isRise">Else the sunset.</param>
    /// <returns>Where the sun stays below the horizon all day, noon; where it stays above, the midnight before (rise) or after (set). UTC.</returns>
    public static DateTime Of(DateOnly date, Position position, bool isRise)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var time = Noon(date, position);
        for (int i = 0; i < 3; i++) time = midnight.AddMinutes(MinutesOf(time, position, isRise)); // the sun moves until then
        return time;
    }

    /// <summary>Noon by the mean sun, UTC; within a quarter of an hour of the true sun's.</summary>
    public static DateTime Noon(DateOnly date, Position position) =>
        date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddMinutes(NoonMinutes - (MinutesPerDegree * position.Longitude));

    // After midnight UTC, with the sun as it is at a time.
    private static double MinutesOf(DateTime time, Position position, bool isRise)
    {
        var (declination, equationOfTime) = SunAt(time);
        double latitude = Radians(position.Latitude);
        double cosine = (Math.Cos(Radians(RimZenith)) / (Math.Cos(latitude) * Math.Cos(declination))) - (Math.Tan(latitude) * Math.Tan(declination));
        double hourAngle = Math.Acos(Math.Clamp(cosine, -1, 1)) * 180 / Math.PI;
        return NoonMinutes - (MinutesPerDegree * (position.Longitude + (isRise ? hourAngle : -hourAngle))) - equationOfTime;
    }

    // Declination in radians, equation of time in minutes.
    private static (double Declination, double EquationOfTime) SunAt(DateTime time)
    {
        double t = (time - J2000).TotalDays / 36525; // Julian centuries
        double meanLongitude = Radians(280.46646 + (t * (36000.76983 + (t * 0.0003032))));
        double meanAnomaly = Radians(357.52911 + (t * (35999.05029 - (0.0001537 * t))));
        double eccentricity = 0.016708634 - (t * (0.000042037 + (0.0000001267 * t)));
        double center = (Math.Sin(meanAnomaly) * (1.914602 - (t * (0.004817 + (0.000014 * t)))))
            + (Math.Sin(2 * meanAnomaly) * (0.019993 - (0.000101 * t))) + (Math.Sin(3 * meanAnomaly) * 0.000289); // degrees
        double node = Radians(125.04 - (1934.136 * t));
        double longitude = meanLongitude + Radians(center - 0.00569 - (0.00478 * Math.Sin(node)));
        double meanObliquity = 23 + ((26 + ((21.448 - (t * (46.815 + (t * (0.00059 - (t * 0.001813)))))) / 60)) / 60);
        double obliquity = Radians(meanObliquity + (0.00256 * Math.Cos(node)));
        double declination = Math.Asin(Math.Sin(obliquity) * Math.Sin(longitude));
        double y = Math.Pow(Math.Tan(obliquity / 2), 2);
        double equation = (y * Math.Sin(2 * meanLongitude)) - (2 * eccentricity * Math.Sin(meanAnomaly))
            + (4 * eccentricity * y * Math.Sin(meanAnomaly) * Math.Cos(2 * meanLongitude))
            - (0.5 * y * y * Math.Sin(4 * meanLongitude)) - (1.25 * eccentricity * eccentricity * Math.Sin(2 * meanAnomaly));
        return (declination, MinutesPerDegree * equation * 180 / Math.PI);
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
