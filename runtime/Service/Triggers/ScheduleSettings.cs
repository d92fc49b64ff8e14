using System.Globalization;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Triggers;

/// <summary>Looks at certain times. Equal when everything in it is.</summary>
/// <param name="Name">In logs and answers.</param>
/// <param name="Every">From one to the next; null: at times of the day.</param>
/// <param name="At">Times of the day, by the machine's time zone.</param>
/// <param name="Days">On which; none: on all.</param>
internal sealed record ScheduleSettings(string Name, TimeSpan? Every, EqualList<TimeOnly> At, EqualList<DayOfWeek> Days)
    : TriggerSettings(Name, TypeName)
{
    private const string TypeName = "schedule";
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]; // as DayOfWeek counts

    private static readonly Setting<double?> EverySetting = Settings.OptionalNumber("every_s", "Seconds from one look to the next.", 0.1, 86400);
    private static readonly Setting<IReadOnlyList<string>> AtSetting =
        Settings.Texts("at", "Times of the day, such as '06:30', by the machine's time zone; instead of every_s.");
    private static readonly Setting<IReadOnlyList<string>> DaysSetting = Settings.Texts("days",
        "Days on which it looks: mon, tue, wed, thu, fri, sat, sun; without this, all.");

    /// <summary>Its line in the table.</summary>
    public static TriggerKind Kind { get; } =
        new(TypeName, new Schema(TypeName, "Looks again and again, or at times of the day.", [EverySetting, AtSetting, DaysSetting]), Read);

    /// <inheritdoc/>
    public override IDisposable Open(TriggerContext context) => new ScheduleTrigger(this, context);

    /// <summary>Whether a day is one of them.</summary>
    public bool IsOn(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);

    /// <summary>The next of the times of the day, by the machine's time zone.</summary>
    /// <param name="local">After it.</param>
    public DateTime NextAfter(DateTime local)
    {
        const int WeekAndToday = 8;
        return Enumerable.Range(0, WeekAndToday).Select(d => local.Date.AddDays(d)).Where(day => IsOn(day.DayOfWeek))
            .SelectMany(day => At.Order().Select(at => day + at.ToTimeSpan())).First(time => time > local);
    }

    private static ScheduleSettings Read(string name, Section section)
    {
        double? every = section.Get(EverySetting);
        var (at, days) = (new List<TimeOnly>(), new List<DayOfWeek>());
        foreach (string text in section.Get(AtSetting))
        {
            if (TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) at.Add(time);
            else section.Problem(AtSetting, $"must be times such as '06:30', not '{text}'");
        }

        foreach (string text in section.Get(DaysSetting))
        {
            if (Array.IndexOf(DayNames, text) is >= 0 and var day) days.Add((DayOfWeek)day);
            else section.Problem(DaysSetting, $"must be days: {string.Join(", ", DayNames)}, not '{text}'");
        }

        if (every is null && !section.Has(AtSetting)) section.Problem(EverySetting, "is missing: set every_s, or times of the day in 'at'");
        if (every is not null && section.Has(AtSetting)) section.Problem(AtSetting, "cannot be combined with 'every_s'");
        return new(name, every is { } seconds ? TimeSpan.FromSeconds(seconds) : null, new(at), new(days));
    }
}
