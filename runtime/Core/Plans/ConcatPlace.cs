namespace ResNetEdge.Plans;

/// <summary>Where a Concat's output lies.</summary>
/// <param name="Whole">All channels.</param>
/// <param name="Parts">The slice of each input.</param>
/// <param name="View">Scale and zero point when stored as u8; null when float.</param>
internal sealed record ConcatPlace(PlanBuffer Whole, PlanBuffer[] Parts, QuantizedView? View);
