using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Outputs;

/// <summary>How late a line follows.</summary>
/// <param name="Output">Its name.</param>
/// <param name="Latency">From the camera's shutter to the change of the line.</param>
internal sealed record LineLatency(string Output, LatencyHistogram Latency);
