namespace ResNetEdge.Cli.Reports;

/// <summary>One layer of an <see cref="EstimateReport"/>.</summary>
/// <param name="Bytes">Activations and weights, each counted once.</param>
internal sealed record LayerEstimateReport(string Operation, string Node, string Kernel, long Macs, long Bytes, double EstimateMs);
