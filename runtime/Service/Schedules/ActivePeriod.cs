namespace ResNetEdge.Service.Schedules;

/// <summary>A part of the week, such as 'mon-fri 08:00-18:00'. An end that is not after its beginning is on the next day.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Days">A bit for each day on which it begins, Sunday lowest.</param>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it ends; no longer within it.</param>
internal sealed record ActivePeriod(string Text, int Days, DayTime Start, DayTime End)
{
    private const int AllDays = 0b1111111;
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]; // as DayOfWeek counts

    /// <summary>Whether it needs to know where the device is.</summary>
    public bool NeedsPosition => Start.Base is not DayTimeBase.Midnight || End.Base is not DayTimeBase.Midnight;

    private bool EndsNextDay => End.Nominal <= Start.Nominal;

    /// <summary>Reads a period: days, times, or both.</summary>
    /// <param name="text">Such as 'sat,sun', 'mon-fri 08:00-18:00', 'sunset+00:30-sunrise'.</param>
    /// <param name="whyNot">What is wrong with it, as the rest of a sentence.</param>
    public static ActivePeriod? Parse(string text, out string? whyNot)
    {
        int days = AllDays;
        var times = (Start: new DayTime(DayTimeBase.Midnight, TimeSpan.Zero), End: new DayTime(DayTimeBase.Midnight, TimeSpan.FromHours(24)));
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        whyNot = "must be periods such as 'mon-fri 08:00-18:00', 'sat,sun' or 'sunset-sunrise'";
        if (words.Length is 0 or > 2) return null;
        bool hasDays = DaysOf(words[0]) is { };
        if (hasDays) days = DaysOf(words[0])!.Value;
        if (words.Length == 2 && !hasDays) return null;
        if (words.Length == 2 || !hasDays)
        {
            if (TimesOf(words[^1]) is not { } read) return null;
            times = read;
        }

        whyNot = null;
        return new ActivePeriod(text, days, times.Start, times.End);
    }

    /// <summary>Whether a moment is within it.</summary>
    /// <param name="now">The moment, in UTC.</param>
    /// <param name="zone">Of the machine.</param>
    /// <param name="position">For the sun.</param>
    public bool Contains(DateTime now, TimeZoneInfo zone, Position position)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, zone));
        // One that began two days ago can last into today where the sun sets after midnight; one of tomorrow can begin before it.
        for (int day = -2; day <= 1; day++)
        {
            var date = today.AddDays(day);
            if ((Days >> (int)date.DayOfWeek & 1) == 0 || now < Start.On(date, zone, position, isStart: true)) continue;
            if (now < End.On(EndsNextDay ? date.AddDays(1) : date, zone, position, isStart: false)) return true;
        }

        return false;
    }

    private static int? DaysOf(string text)
    {
        int days = 0;
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            int first = Array.IndexOf(DayNames, ends[0]), last = Array.IndexOf(DayNames, ends[^1]);
            if (ends.Length > 2 || first < 0 || last < 0) return null;
            for (int day = first; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == last) break;
            }
        }

        return days;
    }

    // An offset may have the same sign as stands between the two.
    private static (DayTime Start, DayTime End)? TimesOf(string text)
    {
        for (int at = text.IndexOf('-', StringComparison.Ordinal); at >= 0; at = text.IndexOf('-', at + 1))
        {
            if (DayTime.Parse(text[..at]) is { } start && DayTime.Parse(text[(at + 1)..]) is { } end) return (start, end);
        }

        return null;
    }
}
