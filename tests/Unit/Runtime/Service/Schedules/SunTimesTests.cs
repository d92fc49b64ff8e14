using System.Globalization;
using ResNetEdge.Service.Schedules;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Schedules;

public class SunTimesTests
{
    /// <summary>Latitude, longitude, the day of the sun's noon, rise and set in UTC to the minute, by another program: PyEphem 4.1.4, horizon -0:50
    /// for the sun's center, pressure 0.</summary>
    public static TheoryData<double, double, string, string, string> Almanac => new()
    {
        { 52.52, 13.405, "2026-01-15", "2026-01-15 07:10", "2026-01-15 15:22" }, // Berlin
        { 52.52, 13.405, "2026-03-20", "2026-03-20 05:09", "2026-03-20 17:19" },
        { 52.52, 13.405, "2026-06-21", "2026-06-21 02:43", "2026-06-21 19:33" },
        { 52.52, 13.405, "2026-09-23", "2026-09-23 04:54", "2026-09-23 17:03" },
        { 52.52, 13.405, "2026-12-21", "2026-12-21 07:15", "2026-12-21 14:54" },
        { -0.18, -78.47, "2026-01-15", "2026-01-15 11:19", "2026-01-15 23:27" }, // Quito
        { -0.18, -78.47, "2026-06-21", "2026-06-21 11:12", "2026-06-21 23:19" },
        { -33.87, 151.21, "2026-01-15", "2026-01-14 18:59", "2026-01-15 09:09" }, // Sydney
        { -33.87, 151.21, "2026-06-21", "2026-06-20 21:00", "2026-06-21 06:54" },
        { -33.87, 151.21, "2026-09-23", "2026-09-22 19:44", "2026-09-23 07:52" },
        { 64.15, -21.94, "2026-01-15", "2026-01-15 10:55", "2026-01-15 16:20" }, // Reykjavik
        { 64.15, -21.94, "2026-06-21", "2026-06-21 02:55", "2026-06-22 00:04" },
        { 64.15, -21.94, "2026-12-21", "2026-12-21 11:22", "2026-12-21 15:29" },
        { 21.31, -157.86, "2026-03-20", "2026-03-20 16:35", "2026-03-21 04:43" }, // Honolulu
        { 21.31, -157.86, "2026-12-21", "2026-12-21 17:05", "2026-12-22 03:55" },
        { 69.65, 18.96, "2026-03-20", "2026-03-20 04:44", "2026-03-20 17:01" }, // Tromsø
        { 69.65, 18.96, "2026-09-23", "2026-09-23 04:28", "2026-09-23 16:43" },
    };

    [Theory]
    [MemberData(nameof(Almanac))]
    public void The_sun_rises_and_sets_when_another_program_says(double latitude, double longitude, string day, string rise, string set)
    {
        var (date, position) = (DateOnly.Parse(day, CultureInfo.InvariantCulture), new Position(latitude, longitude));
        Assert.InRange((SunTimes.Of(date, position, isRise: true) - Utc(rise)).TotalMinutes, -0.75, 0.75); // the table is rounded to the minute
        Assert.InRange((SunTimes.Of(date, position, isRise: false) - Utc(set)).TotalMinutes, -0.75, 0.75);
    }

    [Fact]
    public void Where_the_sun_does_not_set_the_day_is_whole_and_where_it_does_not_rise_there_is_none()
    {
        var tromso = new Position(69.65, 18.96);
        var (summer, winter) = (new DateOnly(2026, 6, 21), new DateOnly(2026, 12, 21));
        Assert.Equal(24, (SunTimes.Of(summer, tromso, false) - SunTimes.Of(summer, tromso, true)).TotalHours, 0.01);
        Assert.Equal(0, (SunTimes.Of(winter, tromso, false) - SunTimes.Of(winter, tromso, true)).TotalHours, 0.01);
        foreach (double pole in new[] { 90.0, -90.0 }) Assert.NotEqual(default, SunTimes.Of(summer, new Position(pole, 0), true));
    }

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
