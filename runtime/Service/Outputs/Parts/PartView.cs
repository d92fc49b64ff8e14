namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>What a part on the board's header is to show: the newest that is known, and nothing that no longer holds.</summary>
/// <param name="Label">What the network sees, by name; null: there was no frame lately.</param>
/// <param name="Score">Of it, 0 to 1.</param>
/// <param name="RulesOn">Names of the rules that name the output and are on, in the order of turning on.</param>
/// <param name="TurnedOn">How often one of them turned on, so that not even the shortest is missed.</param>
internal readonly record struct PartView(string? Label, double Score, IReadOnlyList<string> RulesOn, long TurnedOn)
{
    /// <summary>Any rule that names the output is on.</summary>
    public bool IsOn => RulesOn.Count > 0;
}
