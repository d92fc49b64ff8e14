namespace ResNetEdge.Estimates;

/// <summary>What one step of a network is expected to take on a GPU; milliseconds.</summary>
/// <param name="Operation">What it does, for people: <c>Conv+Add+Relu</c>.</param>
/// <param name="Node">The graph node it stands for.</param>
/// <param name="Kernel">The kernel of the engine.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Bytes">Activations and weights, each counted once.</param>
/// <param name="ComputeFloorMs">Its products at the device's full rate.</param>
/// <param name="MemoryFloorMs">Its bytes at the memory's full rate.</param>
/// <param name="LaunchMs">Between it and the step before.</param>
/// <param name="Ms">The estimate: the longer of products and bytes at the rates that kernels reach, and the launch.</param>
internal sealed record StepEstimate(
    string Operation, string Node, string Kernel, long Macs, long Bytes, double ComputeFloorMs, double MemoryFloorMs, double LaunchMs, double Ms);
