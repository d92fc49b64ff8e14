using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Rules;

/// <summary>What a rule's arming hangs on: an MQTT topic, such as an alarm system's state. Equal when everything in it is.</summary>
/// <param name="Output">Name of the MQTT output whose broker is listened to.</param>
/// <param name="Topic">That says the state.</param>
/// <param name="States">Messages by which the rule is armed.</param>
/// <param name="IsArmedUnheard">What holds until a message has come.</param>
internal sealed record ArmedBySettings(string Output, string Topic, EqualList<string> States, bool IsArmedUnheard)
{
    private const int LongestText = 512;

    private static readonly Setting<string> OutputSetting =
        Settings.Text("output", "Name of an output of type mqtt; its broker is listened to, in a connection whose client_id ends in '-armed'.");
    private static readonly Setting<string> TopicSetting = Settings.Text("topic", "Topic whose last message is the state, retained ones included.");
    private static readonly Setting<IReadOnlyList<string>> StatesSetting =
        Settings.Texts("states", "Messages by which the rule is armed, such as armed_away; with any other it is off.");
    private static readonly Setting<bool> UnheardSetting = Settings.Choice("unheard",
        "What holds from the start of the service until the first message, and after an empty one.", "disarmed",
        ("disarmed", false), ("armed", true));
    private static readonly Setting<ArmedBySettings?> ArmedBySetting = Settings.OptionalInner("armed_by", new Schema("armed_by",
        "The rule is decided only while an MQTT topic says so, such as the state of an alarm system; it is off otherwise.",
        [OutputSetting, TopicSetting, StatesSetting, UnheardSetting]), "none", ReadSection);

    /// <summary>Its setting, which stands beside the rule's own.</summary>
    public static Setting Setting => ArmedBySetting;

    /// <summary>Where the output's name stands.</summary>
    public FileLine OutputLine { get; init; }

    /// <summary>Reads the setting of a rule; problems are added to the section's place.</summary>
    public static ArmedBySettings? Read(Section section) => section.Get(ArmedBySetting);

    private static ArmedBySettings ReadSection(Section section)
    {
        string topic = section.Get(TopicSetting);
        if (topic.AsSpan().IndexOfAny("+#") >= 0 || topic.Length > LongestText)
            section.Problem(TopicSetting, $"must be one topic, without + and #, of at most {LongestText} characters");
        var states = section.Get(StatesSetting);
        if (states.Count == 0) section.Problem(StatesSetting, $"is missing: {StatesSetting.Help}");
        return new(section.Get(OutputSetting), topic, new(states), section.Get(UnheardSetting)) { OutputLine = section.LineOf(OutputSetting) };
    }
}
