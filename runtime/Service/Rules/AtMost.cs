using System.Globalization;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Rules;

/// <summary>A limit, such as '5 per hour'.</summary>
/// <param name="Count">So many at most.</param>
/// <param name="Per">In any time of this length.</param>
internal sealed record AtMost(int Count, TimeSpan Per)
{
    private const int Most = 1000;

    private static readonly Setting<string?> AtMostSetting = Settings.OptionalText("at_most", "Limits how often people are told, such as "
        + "'5 per hour' (minute, hour or day): what turns the rule on more often is not sent by outputs of type webhook, nor is its end; it is "
        + "counted. The rule itself and all other outputs go on as always.");

    /// <summary>Its setting, which stands beside the rule's own.</summary>
    public static Setting Setting => AtMostSetting;

    /// <summary>Reads the setting of a rule; problems are added to the section's place.</summary>
    /// <returns>Null: no limit.</returns>
    public static AtMost? Read(Section section)
    {
        if (section.Get(AtMostSetting) is not { } text) return null;
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, "per", "minute" or "hour" or "day"] words
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= Most)
        {
            return new AtMost(
                count, words[2] switch { "minute" => TimeSpan.FromMinutes(1), "hour" => TimeSpan.FromHours(1), _ => TimeSpan.FromDays(1) });
        }

        section.Problem(AtMostSetting, $"must be 1 to {Most} per minute, hour or day, such as '5 per hour', not '{text}'");
        return null;
    }
}
