using ResNetEdge.Naming;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Arming;

/// <summary>The topics of one broker that arm rules. Equal when everything in it is.</summary>
/// <param name="Output">Name of the output whose broker it is.</param>
/// <param name="Broker">And how it is reached.</param>
/// <param name="Topics">Each once.</param>
internal sealed record ArmingSettings(string Output, MqttSettings Broker, EqualList<string> Topics)
{
    /// <summary>What the rules of a configuration need, a connection for each broker.</summary>
    /// <param name="rules">All of the file.</param>
    /// <param name="outputs">All of the file.</param>
    public static IReadOnlyList<ArmingSettings> Of(IReadOnlyList<RuleSettings> rules, IReadOnlyList<SinkSettings> outputs) =>
        [.. from rule in rules
            let armed = rule.ArmedBy
            where armed is not null
            group armed.Topic by armed.Output into topics
            from output in outputs.OfType<MqttSettings>()
            where output.Name == topics.Key
            select new ArmingSettings(output.Name, Connection(output), new([.. topics.Distinct().Order(StringComparer.Ordinal)]))];

    /// <summary>Notes rules that are armed by an output that there is not, or that is no broker.</summary>
    /// <param name="rules">All of the file.</param>
    /// <param name="outputs">All of the file.</param>
    /// <param name="place">Of the file.</param>
    public static void Check(IReadOnlyList<RuleSettings> rules, IReadOnlyList<SinkSettings> outputs, Place place)
    {
        string[] brokers = [.. outputs.OfType<MqttSettings>().Select(o => o.Name)];
        foreach (var rule in rules)
        {
            if (rule.ArmedBy is not { } armed || brokers.Contains(armed.Output)) continue;
            string instead = brokers.Length == 0 ? "there is none" : Spelling.Suggestion(armed.Output, brokers);
            place.Add(armed.OutputLine.Number, $"rule '{rule.Name}' is armed by '{armed.Output}', which is not an output of type mqtt; {instead}");
        }
    }

    // What the output publishes does not matter to it, so that a change of that keeps the connection.
    private static MqttSettings Connection(MqttSettings output) => output with
    {
        ClientId = $"{output.ClientId}-armed",
        Topic = "",
        Qos = 0,
        IsRetained = false,
        Feed = new FeedSettings(false, false, 1, 0),
        HomeAssistant = null,
        Pictures = null,
        Rules = new([]),
    };
}
