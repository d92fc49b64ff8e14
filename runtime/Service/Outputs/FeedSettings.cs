using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs;

/// <summary>What an output that takes JSON is given, and how much of it may wait. Equal when everything in it is.</summary>
/// <param name="Results">Frames' results.</param>
/// <param name="Events">Changes of every rule; of rules that name the output it is told in any case.</param>
/// <param name="EveryNth">Of so many results one is taken.</param>
/// <param name="QueueKib">Memory for what waits.</param>
internal sealed record FeedSettings(bool Results, bool Events, int EveryNth, int QueueKib)
{
    private static readonly Setting<(bool Results, bool Events)> WhatSetting = Settings.Choice<(bool, bool)>(
        "what", "What is written: every frame's result, the changes of every rule, or both.", "events", ("events", (false, true)),
        ("results", (true, false)), ("both", (true, true)));

    private static readonly Setting<int> EveryNthSetting =
        Settings.Int("every_nth", "Writes one of every N results; events are never skipped.", 1, 1, 1_000_000);

    private static readonly Setting<int> QueueSetting = Settings.Int("queue_kib",
        "Memory for queued items, in KiB; items that do not fit are dropped and counted. A quarter is reserved for events.", 256, 16, 65536);

    /// <summary>Its settings, which stand beside the output's own.</summary>
    public static IReadOnlyList<Setting> All { get; } = [WhatSetting, EveryNthSetting, QueueSetting];

    /// <summary>Reads what an output is fed; problems are added to the section's place.</summary>
    public static FeedSettings Read(Section section)
    {
        var (results, events) = section.Get(WhatSetting);
        return new FeedSettings(results, events, section.Get(EveryNthSetting), section.Get(QueueSetting));
    }
}
