using System.Globalization;

namespace ResNetEdge.Service.Schedules;

/// <summary>A time of the day: by the clock, or so long after sunrise or sunset.</summary>
/// <param name="Base">What it counts from.</param>
/// <param name="Offset">From midnight, 0 to 24 hours; or from the sun's event, at most 12 hours either way.</param>
internal readonly record struct DayTime(DayTimeBase Base, TimeSpan Offset)
{
    private static readonly TimeSpan MostOffset = TimeSpan.FromHours(12), Day = TimeSpan.FromHours(24);

    /// <summary>When it would be on a day of equal light and dark: tells whether an end belongs to the next day.</summary>
    public TimeSpan Nominal => Base switch
    {
        DayTimeBase.Sunrise => TimeSpan.FromHours(6) + Offset,
        DayTimeBase.Sunset => TimeSpan.FromHours(18) + Offset,
        _ => Offset,
    };

    /// <summary>Reads 06:30, 24:00, sunrise, sunset+00:30, sunrise-1:15.</summary>
    /// <returns>Null: it is none.</returns>
    public static DayTime? Parse(string text)
    {
        foreach (var (word, kind) in new[] { ("sunrise", DayTimeBase.Sunrise), ("sunset", DayTimeBase.Sunset) })
        {
            if (!text.StartsWith(word, StringComparison.Ordinal)) continue;
            string rest = text[word.Length..];
            if (rest.Length == 0) return new(kind, TimeSpan.Zero);
            return rest[0] is '+' or '-' && HoursAndMinutes(rest[1..]) is { } offset && offset <= MostOffset
                ? new(kind, rest[0] == '-' ? -offset : offset) : null;
        }

        return HoursAndMinutes(text) is { } time && time <= Day ? new(DayTimeBase.Midnight, time) : null;
    }

    /// <summary>When it is on a day of a time zone.</summary>
    /// <param name="date">In the zone.</param>
    /// <param name="zone">Of the machine.</param>
    /// <param name="position">For the sun.</param>
    /// <param name="isStart">Of a period: of an hour that comes twice, the first one counts; for an end the second.</param>
    /// <returns>UTC.</returns>
    public DateTime On(DateOnly date, TimeZoneInfo zone, Position position, bool isStart)
    {
        if (Base is DayTimeBase.Midnight) return ToUtc(date.ToDateTime(TimeOnly.MinValue) + Offset, zone, isStart);
        // The sun's noon of this date may fall on another date of the zone, where clocks are far from the sun.
        bool isRise = Base is DayTimeBase.Sunrise;
        var time = SunTimes.Of(date, position, isRise);
        int days = date.DayNumber - DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(SunTimes.Noon(date, position), zone)).DayNumber;
        if (days != 0) time = SunTimes.Of(date.AddDays(days), position, isRise);
        return time + Offset;
    }

    private static DateTime ToUtc(DateTime local, TimeZoneInfo zone, bool isStart)
    {
        // A time that is skipped is as long after midnight as if the clock had not been moved yet.
        if (zone.IsInvalidTime(local)) return DateTime.SpecifyKind(local - zone.GetUtcOffset(local.AddHours(-3)), DateTimeKind.Utc);
        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local)) offset = isStart ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetAmbiguousTimeOffsets(local).Min();
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }

    private static TimeSpan? HoursAndMinutes(string text) => text.Split(':') is [{ Length: 1 or 2 } hours, { Length: 2 } minutes]
        && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out int h)
        && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out int m) && m < 60 ? new TimeSpan(h, m, 0) : null;
}

/// <summary>What a time of the day counts from.</summary>
internal enum DayTimeBase
{
    /// <summary>The clock.</summary>
    Midnight,

    /// <summary>The upper rim of the sun appears.</summary>
    Sunrise,

    /// <summary>The upper rim of the sun disappears.</summary>
    Sunset,
}
