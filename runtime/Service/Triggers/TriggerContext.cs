namespace ResNetEdge.Service.Triggers;

/// <summary>What triggers share.</summary>
/// <param name="Time">Of all waits.</param>
/// <param name="Log">For people.</param>
/// <param name="Queue">Where they ask.</param>
internal sealed record TriggerContext(TimeProvider Time, Log Log, LookQueue Queue);
