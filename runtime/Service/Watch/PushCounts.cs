namespace ResNetEdge.Service.Watch;

/// <summary>What became of the metrics that were pushed to a collector.</summary>
/// <param name="Taken">Pushes that the collector took whole.</param>
/// <param name="Failed">Pushes that it did not take, or not all of.</param>
internal readonly record struct PushCounts(long Taken, long Failed);
