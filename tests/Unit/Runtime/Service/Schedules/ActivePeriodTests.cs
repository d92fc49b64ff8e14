using System.Globalization;
using ResNetEdge.Service.Schedules;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Schedules;

public class ActivePeriodTests
{
    private const string Berlin = "Europe/Berlin"; // clocks go forward on 2026-03-29 at 01:00 UTC, back on 2026-10-25 at 01:00 UTC
    private static readonly Position BerlinPosition = new(52.52, 13.405);

    /// <summary>A period; moments in UTC at which it begins and at which it is over.</summary>
    public static TheoryData<string, string, string> Periods => new()
    {
        { "mon-fri 08:00-18:00", "2026-03-27 07:00", "2026-03-27 17:00" }, // a Friday, winter time
        { "mon-fri 08:00-18:00", "2026-03-30 06:00", "2026-03-30 16:00" }, // a Monday, summer time
        { "22:00-06:00", "2026-03-28 21:00", "2026-03-29 04:00" }, // an hour less
        { "22:00-06:00", "2026-10-24 20:00", "2026-10-25 05:00" }, // an hour more
        { "fri 22:00-06:00", "2026-03-27 21:00", "2026-03-28 05:00" },
        { "02:30-04:00", "2026-03-29 01:30", "2026-03-29 02:00" }, // 02:30 is skipped; so much after midnight it is 03:30
        { "02:15-02:45", "2026-10-25 00:15", "2026-10-25 01:45" }, // comes twice: from the first to the last
        { "sat,sun", "2026-03-27 23:00", "2026-03-29 22:00" },
        { "sun-mon", "2026-03-28 23:00", "2026-03-30 22:00" },
        { "thu,fri-sat 10:00-24:00", "2026-03-26 09:00", "2026-03-26 23:00" },
    };

    [SkippableTheory]
    [MemberData(nameof(Periods))]
    public void It_begins_and_ends_by_the_clock_on_the_wall(string text, string begins, string ends) =>
        BeginsAndEnds(text, Berlin, BerlinPosition, begins, ends, TimeSpan.FromMinutes(1));

    /// <summary>The same with the sun, where two minutes may be missing.</summary>
    public static TheoryData<string, string, string> PeriodsOfTheSun => new()
    {
        { "sunset-sunrise", "2026-06-21 19:33", "2026-06-22 02:43" },
        { "sunrise-sunset", "2026-06-21 02:43", "2026-06-21 19:33" },
        { "sunset+00:30-23:00", "2026-06-21 20:03", "2026-06-21 21:00" },
        { "sunset-00:30-sunset", "2026-06-21 19:03", "2026-06-21 19:33" },
        { "sunrise-1:00-sunrise", "2026-06-21 01:43", "2026-06-21 02:43" },
        { "sun sunrise+1:00-sunset-1:00", "2026-06-21 03:43", "2026-06-21 18:33" },
    };

    [SkippableTheory]
    [MemberData(nameof(PeriodsOfTheSun))]
    public void It_begins_and_ends_by_the_sun(string text, string begins, string ends) =>
        BeginsAndEnds(text, Berlin, BerlinPosition, begins, ends, TimeSpan.FromMinutes(2));

    [SkippableFact]
    public void A_clock_that_is_far_from_the_sun_and_a_sun_that_does_not_set_are_no_trouble()
    {
        // Kiritimati's clock is a day ahead of its sun: Monday's noon there is Sunday's by the sun's day.
        var kiritimati = new Position(1.87, -157.4);
        Assert.True(Contains("mon sunrise-sunset", "Pacific/Kiritimati", kiritimati, Utc("2026-06-21 22:00")));
        Assert.False(Contains("mon sunrise-sunset", "Pacific/Kiritimati", kiritimati, Utc("2026-06-20 22:00")));
        Assert.False(Contains("mon sunrise-sunset", "Pacific/Kiritimati", kiritimati, Utc("2026-06-21 12:00")));
        var tromso = new Position(69.65, 18.96);
        for (int hour = 0; hour < 24; hour++)
        {
            Assert.True(Contains("sunset-sunrise", "Europe/Oslo", tromso, Utc("2026-12-21 00:30").AddHours(hour)));
            Assert.False(Contains("sunset-sunrise", "Europe/Oslo", tromso, Utc("2026-06-21 00:30").AddHours(hour)));
            Assert.True(Contains("sunrise-sunset", "Europe/Oslo", tromso, Utc("2026-06-21 00:30").AddHours(hour)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("monday")]
    [InlineData("mon-fri-sat")]
    [InlineData("25:00-26:00")]
    [InlineData("08:00-24:01")]
    [InlineData("08:60-09:00")]
    [InlineData("8-9")]
    [InlineData("08:00")]
    [InlineData("08:00-18:00 mon")]
    [InlineData("mon 08:00-18:00 tue")]
    [InlineData("sunset*2-sunrise")]
    [InlineData("sunset+13:00-sunrise")]
    [InlineData("sunset+-01:00-sunrise")]
    public void What_is_no_period_is_refused(string text)
    {
        Assert.Null(ActivePeriod.Parse(text, out string? whyNot));
        Assert.NotNull(whyNot);
    }

    [SkippableFact]
    public void Asking_costs_no_memory()
    {
        var (zone, now) = (Zone(Berlin), Utc("2026-06-21 20:00"));
        var times = new ActiveTimes(
            new([ActivePeriod.Parse("mon 08:00-18:00", out _)!, ActivePeriod.Parse("sunset+00:30-sunrise", out _)!]), BerlinPosition);
        Assert.Null(times.At(now, zone));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) _ = times.At(now.AddMinutes(i), zone);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal("sunset+00:30-sunrise", times.At(now.AddHours(1), zone)!.Text);
    }

    private static void BeginsAndEnds(string text, string zone, Position position, string begins, string ends, TimeSpan margin)
    {
        Assert.False(Contains(text, zone, position, Utc(begins) - margin));
        Assert.True(Contains(text, zone, position, margin.TotalMinutes > 1 ? Utc(begins) + margin : Utc(begins)));
        Assert.True(Contains(text, zone, position, Utc(ends) - margin));
        Assert.False(Contains(text, zone, position, margin.TotalMinutes > 1 ? Utc(ends) + margin : Utc(ends)));
    }

    private static bool Contains(string text, string zone, Position position, DateTime now) =>
        new ActiveTimes(new([ActivePeriod.Parse(text, out _)!]), position).At(now, Zone(zone)) is not null;

    private static TimeZoneInfo Zone(string name)
    {
        Skip.IfNot(TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone), "the time zones are not installed (Debian's package tzdata)");
        return zone!;
    }

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
