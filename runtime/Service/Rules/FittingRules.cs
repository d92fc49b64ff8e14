using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Rules;

/// <summary>
/// The rules of a configuration that a model can answer. A model that runs in place of the configured one (after a roll-back, or at a start with the
/// copy of the last good one) may lack what a rule watches: such a rule is left out, and the service goes on with the others.
/// </summary>
/// <param name="Rules">In the order of the configuration.</param>
/// <param name="LeftOut">A sentence for each rule that is left out; empty when all of them fit.</param>
internal sealed record FittingRules(IReadOnlyList<RuleSettings> Rules, IReadOnlyList<string> LeftOut)
{
    /// <summary>Compares rules with a model.</summary>
    /// <param name="rules">Of the configuration.</param>
    /// <param name="task">Of the model.</param>
    public static FittingRules Of(IReadOnlyList<RuleSettings> rules, ModelTask task)
    {
        List<RuleSettings> fitting = [];
        List<string> leftOut = [];
        foreach (var rule in rules)
        {
            try
            {
                task.Watch(rule.Name, rule.Labels);
                fitting.Add(rule);
            }
            catch (EdgeException e)
            {
                leftOut.Add(e.Message);
            }
        }

        return new FittingRules(fitting, leftOut);
    }
}
