namespace ResNetEdge.Device.Cpu;

/// <summary>A processor that this process may use.</summary>
/// <param name="Index">The system's number for it.</param>
/// <param name="Capacity">Relative speed as the system states it: 1024 for the fastest, less for the small cores of an Arm big.LITTLE chip.</param>
/// <param name="Sibling">0 for the first hardware thread of a core, 1 for the second: two of one core are little faster than one.</param>
/// <param name="Cluster">Lowest number of the processors that share its last cache: data passes between those without leaving the cluster.</param>
internal sealed record CpuCore(int Index, int Capacity, int Sibling, int Cluster = 0);
