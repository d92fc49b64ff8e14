using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Schedules;

/// <summary>When a rule is active. Equal when everything in it is.</summary>
/// <param name="Periods">It is in any of them; none: always.</param>
/// <param name="Position">For sunrise and sunset; where no period needs it, the same for all.</param>
internal sealed record ActiveTimes(EqualList<ActivePeriod> Periods, Position Position)
{
    private static readonly Setting<IReadOnlyList<string>> ActiveSetting = Settings.Texts("active", "When the rule is decided at all; it is off "
        + "otherwise. Any of these: days, times, or both, such as 'mon-fri 08:00-18:00', 'sat,sun', '22:00-06:00', 'sunset-sunrise', "
        + "'sunset+00:30-23:00'. An end before its beginning is on the next day. By the machine's time zone; sunrise and sunset need latitude "
        + "and longitude. Default: always.");

    /// <summary>Its setting, which stands beside the rule's own.</summary>
    public static Setting Setting => ActiveSetting;

    /// <summary>No period: a rule that is always decided.</summary>
    public static ActiveTimes Always { get; } = new(new([]), default);

    /// <summary>Whether it needs to know where the device is.</summary>
    public bool NeedsPosition => Periods.Any(p => p.NeedsPosition);

    /// <summary>Reads the setting of a rule; problems are added to the section's place.</summary>
    public static ActiveTimes Read(Section section)
    {
        var periods = new List<ActivePeriod>();
        foreach (string text in section.Get(ActiveSetting))
        {
            if (ActivePeriod.Parse(text, out string? whyNot) is { } period) periods.Add(period);
            else section.Problem(ActiveSetting, $"{whyNot}, not '{text}'");
        }

        return periods.Count == 0 ? Always : new ActiveTimes(new(periods), default);
    }

    /// <summary>The first period that a moment is in; null: none.</summary>
    /// <param name="now">The moment, in UTC.</param>
    /// <param name="zone">Of the machine.</param>
    public ActivePeriod? At(DateTime now, TimeZoneInfo zone)
    {
        for (int i = 0; i < Periods.Count; i++)
        {
            if (Periods[i].Contains(now, zone, Position)) return Periods[i];
        }

        return null;
    }
}
