namespace ResNetEdge.Service.Rules;

/// <summary>Which conditions held when a rule changed by what was seen.</summary>
/// <param name="Threshold">That frames were compared with: of turning on, or of staying on.</param>
/// <param name="Counted">Frames of the window that reached it.</param>
/// <param name="Frames">That had to.</param>
/// <param name="Of">Length of the window.</param>
/// <param name="Active">The period within which the rule was; null: it needs none.</param>
/// <param name="Armed">The state by which it was armed; null: it needs none, or none was heard.</param>
internal readonly record struct RuleWhy(double Threshold, int Counted, int Frames, int Of, string? Active, string? Armed);
